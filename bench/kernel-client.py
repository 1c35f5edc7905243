"""Measures one fresh kernel through jupyter_client and prints the figures as one line of JSON. Started by kernel.mjs."""

import json
import sys
import time
from queue import Empty

from jupyter_client.manager import KernelManager

name, codes = sys.argv[1], json.loads(sys.argv[2])


def cell(client, code, timeout=120):
    """(seconds until the reply, lines printed before idle, text of the result)"""
    started = time.perf_counter()
    msg_id = client.execute(code)
    while client.get_shell_msg(timeout=timeout)["parent_header"].get("msg_id") != msg_id:
        pass
    took = time.perf_counter() - started
    lines, result = 0, None
    while True:
        try:
            message = client.get_iopub_msg(timeout=5)
        except Empty:  # a kernel that forgets its idle
            return took, lines, result
        if message["parent_header"].get("msg_id") != msg_id:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            lines += content["text"].count("\n")
        if message["msg_type"] in ("execute_result", "display_data"):
            result = content["data"].get("text/plain", result)
        if message["msg_type"] == "stream" and content["name"] == "stdout":  # tslab prints its results
            result = content["text"].strip() or result
        if message["msg_type"] == "status" and content["execution_state"] == "idle":
            return took, lines, result


manager = KernelManager(kernel_name=name)
started = time.perf_counter()
manager.start_kernel()
client = manager.client()
client.start_channels()
try:
    client.wait_for_ready(timeout=60)
    ready = time.perf_counter() - started
    first = cell(client, codes["first"])[0]
    later = [cell(client, code)[0] for code in codes["later"]]
    loop = cell(client, codes["loop"])[2]
    started = time.perf_counter()
    lines = cell(client, codes["lines"])[1]
    flood = time.perf_counter() - started
    print(json.dumps({"ready": ready * 1e3, "first": first * 1e3, "later": [each * 1e3 for each in later], "loop": float(loop.strip("'\"")) if loop else None, "lines": lines, "flood": flood * 1e3}))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
