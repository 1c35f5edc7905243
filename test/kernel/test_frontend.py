"""What a frontend asks for besides running cells: help, history, displays, input, comms; and frames from strangers."""

import json
import time

import zmq


def test_kernel_info(kernel):
    info = kernel.ask("kernel_info")
    assert info["protocol_version"] == "5.3" and info["implementation"] == "runlab"
    assert info["language_info"]["name"] == "typescript" and info["language_info"]["file_extension"] == ".ts"


def test_is_complete(kernel):
    status = lambda code: kernel.ask("is_complete", code)["status"]
    assert status("1 + 1") == "complete"
    assert status("function f() {") == "incomplete"
    assert status("let = = 3") == "invalid"


def test_completion_and_inspection(kernel):
    kernel.run("const measurement = { width: 3, weight: 4 }")
    reply = kernel.ask("complete", "measurement.wi", 14)
    assert "width" in reply["matches"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (12, 14)
    # Jupyter counts code points: the emoji is one, though JavaScript counts two.
    reply = kernel.ask("complete", "'😀'; measurement.we", 19)
    assert "weight" in reply["matches"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (17, 19)
    reply = kernel.ask("inspect", "measurement", 4)
    assert reply["found"] and "width: number" in reply["data"]["text/plain"]
    assert kernel.ask("inspect", "   ", 1)["found"] is False
    assert "display" in kernel.ask("complete", "displa", 6)["matches"]


def test_history(kernel):
    kernel.run("'first of history'")
    count = kernel.run("const second = 'second of history'; second").content["execution_count"]
    tail = kernel.ask("history", raw=True, output=False, hist_access_type="tail", n=2)["history"]
    assert [row[2] for row in tail] == ["'first of history'", "const second = 'second of history'; second"]
    ranged = kernel.ask("history", raw=True, output=True, hist_access_type="range", session=0, start=count, stop=count + 1)["history"]
    assert ranged == [[1, count, ["const second = 'second of history'; second", "'second of history'"]]]
    kernel.run("'first of history'")
    found = kernel.ask("history", raw=True, hist_access_type="search", pattern="*first of*", unique=True)["history"]
    assert len(found) == 1
    kernel.run("'not kept'", store_history=False)
    assert "'not kept'" not in [row[2] for row in kernel.ask("history", hist_access_type="tail", n=1)["history"]]


def test_rich_display(kernel):
    shown = kernel.run("""
display({ toHTML: () => '<b>bold</b>' });
display({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '# Title' }) });
display({ mark: 'bar', encoding: {}, data: { values: [] }, title: 'Bars' });
display({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', layer: [] });
display.html('<i>i</i>'); display.markdown('*m*'); display.json({ a: 1 });
display.image(Buffer.from('89504e470d0a1a0a', 'hex'));
display.raw('text/x-own', 'own');
""").of("display_data")
    data = [content["data"] for content in shown]
    assert data[0]["text/html"] == "<b>bold</b>" and "text/plain" in data[0]
    assert data[1] == {"text/markdown": "# Title"}
    assert data[2]["application/vnd.vegalite.v5+json"]["mark"] == "bar" and "Bars" in data[2]["text/plain"]
    assert "application/vnd.vegalite.v5+json" in data[3]
    assert [list(each) for each in data[4:7]] == [["text/html"], ["text/markdown"], ["application/json"]]
    assert data[7] == {"image/png": "iVBORw0KGgo="}
    assert data[8] == {"text/x-own": "own"}


def test_arrow_table_is_shown_as_a_table(kernel):
    kernel.folder.joinpath("t.csv").write_text("a,b\n1,x\n2,y\n")
    cell = kernel.run("await readTable('t.csv')", timeout=30)
    assert cell.status == "ok", cell.content
    assert "<table" in cell.result["text/html"] and "text/plain" in cell.result


def test_tslab_display(kernel):
    cell = kernel.run("import { display, newDisplay } from 'tslab';\ndisplay.html('<p>t</p>'); const d = newDisplay(); d.text('one'); d.text('two');\nexport {};")
    assert cell.status == "ok", cell.content
    assert cell.of("display_data")[0]["data"]["text/html"] == "<p>t</p>"
    first, = [c for c in cell.of("display_data") if c["data"].get("text/plain") == "one"]
    assert cell.of("update_display_data")[-1]["transient"] == first["transient"]
    assert cell.of("update_display_data")[-1]["data"]["text/plain"] == "two"


def test_a_broken_display_does_not_break_the_cell(kernel):
    cell = kernel.run("({ [Symbol.for('Jupyter.display')]() { throw new Error('no picture') } })")
    assert cell.status == "ok" and "no picture" in cell.text


def test_large_values_are_cut(kernel):
    assert len(kernel.run("'x'.repeat(5_000_000)").text) < 200_000


def test_updates_from_a_synchronous_loop_are_seen_at_once(kernel):
    msg_id = kernel.send("const id = display(0); const t0 = Date.now(); let n = 0; while (Date.now() - t0 < 1500) display(++n, { id, update: true }); n")
    seen = kernel.until_idle(msg_id, stop=lambda m: m["msg_type"] == "update_display_data")
    assert seen[-1]["msg_type"] == "update_display_data"  # the loop still runs
    rest = kernel.until_idle(msg_id)
    updates = [m["content"]["data"]["text/plain"] for m in seen + rest if m["msg_type"] == "update_display_data"]
    n = [m["content"]["data"]["text/plain"] for m in rest if m["msg_type"] == "execute_result"][0]
    assert 5 < len(updates) < 100 and updates[-1] == n
    kernel.reply(msg_id)


def test_clear_output(kernel):
    cell = kernel.run("console.log('old'); clearOutput({ wait: true }); console.log('new')")
    assert [m["msg_type"] for m in cell.messages if m["msg_type"] in ("stream", "clear_output")] == ["stream", "clear_output", "stream"]
    assert cell.of("clear_output") == [{"wait": True}]


def test_prompt(kernel):
    msg_id = kernel.send("console.log('before'); const answer = prompt('name? '); `hello ${answer}`", allow_stdin=True)
    request = kernel.client.get_stdin_msg(timeout=10)
    assert request["content"] == {"prompt": "name? ", "password": False}
    kernel.client.input("Ada")
    assert kernel.reply(msg_id)["content"]["status"] == "ok"
    results = [m for m in kernel.until_idle(msg_id) if m["msg_type"] == "execute_result"]
    assert results[0]["content"]["data"]["text/plain"] == "'hello Ada'"


def test_prompt_without_stdin_is_an_error(kernel):
    cell = kernel.run("prompt('name? ')", allow_stdin=False)
    assert cell.status == "error" and "allow_stdin" in cell.content["evalue"]


def test_prompt_is_interrupted(kernel):
    msg_id = kernel.send("prompt('for ever? ')", allow_stdin=True)
    kernel.client.get_stdin_msg(timeout=10)
    kernel.manager.interrupt_kernel()
    assert kernel.reply(msg_id)["content"]["ename"] == "KeyboardInterrupt"
    kernel.until_idle(msg_id)
    assert kernel.run("1").text == "1"


def comm(kernel, kind, content, buffers=None):
    message = kernel.client.session.msg(kind, content)
    kernel.client.session.send(kernel.client.shell_channel.socket, message, buffers=buffers)
    return message["header"]["msg_id"]


def test_comms_of_the_frontend(kernel):
    kernel.run("let heard: unknown[] = []; comms.register('echo', (comm, data) => { heard.push(data); comm.onMessage = (data, buffers) => { comm.send({ back: data, bytes: buffers.length }, buffers); console.log('from a comm'); }; comm.onClose = () => heard.push('closed') }); undefined")
    comm(kernel, "comm_open", {"comm_id": "c1", "target_name": "echo", "data": {"hello": 1}})
    assert kernel.ask("comm_info", target_name="echo")["comms"] == {"c1": {"target_name": "echo"}}
    msg_id = comm(kernel, "comm_msg", {"comm_id": "c1", "data": {"n": 5}}, buffers=[b"\x00\xff"])
    answer = None
    text = ""
    while answer is None or not text:
        message = kernel.iopub(10)
        if message["msg_type"] == "comm_msg":
            answer = message
        if message["msg_type"] == "stream" and message["parent_header"]["msg_id"] == msg_id:
            text += message["content"]["text"]
    assert answer["content"]["data"] == {"back": {"n": 5}, "bytes": 1} and bytes(answer["buffers"][0]) == b"\x00\xff"
    assert text == "from a comm\n"
    comm(kernel, "comm_close", {"comm_id": "c1", "data": {}})
    assert kernel.ask("comm_info")["comms"] == {}
    assert kernel.run("heard").text == "[ { hello: 1 }, 'closed' ]"


def test_comms_of_the_kernel_reach_a_waiting_cell(kernel):
    msg_id = kernel.send("const c = comms.open('widget', { at: 'start' }); const got = await new Promise((resolve) => { c.onMessage = resolve }); c.close(); got")
    seen = kernel.until_idle(msg_id, stop=lambda m: m["msg_type"] == "comm_open")
    opened = seen[-1]["content"]
    assert opened["target_name"] == "widget" and opened["data"] == {"at": "start"}
    comm(kernel, "comm_msg", {"comm_id": opened["comm_id"], "data": {"value": 9}})
    assert kernel.reply(msg_id)["content"]["status"] == "ok"
    rest = kernel.until_idle(msg_id)
    assert [m["content"]["data"]["text/plain"] for m in rest if m["msg_type"] == "execute_result"] == ["{ value: 9 }"]


def test_an_unknown_comm_target_is_closed(kernel):
    comm(kernel, "comm_open", {"comm_id": "c9", "target_name": "nobody", "data": {}})
    while True:
        message = kernel.iopub(10)
        if message["msg_type"] == "comm_close":
            assert message["content"]["comm_id"] == "c9"
            return


def test_strange_frames_are_ignored(kernel):
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.linger = 0
    socket.connect(f"tcp://{kernel.manager.ip}:{kernel.manager.shell_port}")
    header = json.dumps({"msg_id": "x", "msg_type": "execute_request"}).encode()
    evil = [header, b"{}", b"{}", json.dumps({"code": "globalThis.evil = 1"}).encode()]
    for frames in ([b""], [b"<IDS|MSG>"], [b"a", b"b", b"c"], [b"<IDS|MSG>", b"bad signature", *evil], [b"<IDS|MSG>", b"", *evil], [b"<IDS|MSG>", b"x" * 64, b"\xff", b"{", b"1", b"[]"]):
        socket.send_multipart(frames)
    time.sleep(0.2)
    socket.close()
    assert kernel.run("typeof (globalThis as any).evil").text == "'undefined'"


def test_debug_request_is_refused_cleanly(kernel):
    message = kernel.client.session.msg("debug_request", {"type": "request", "command": "initialize", "seq": 1, "arguments": {}})
    kernel.client.control_channel.send(message)
    reply = kernel.client.get_control_msg(timeout=10)
    assert reply["content"]["status"] == "error" and "no debugger" in reply["content"]["evalue"]


def test_shutdown_and_restart(start):
    kernel = start()
    kernel.run("let x = 1")
    kernel.manager.restart_kernel(now=False)
    kernel.client.wait_for_ready(timeout=30)
    assert kernel.run("typeof x").text == "'undefined'"
    process = kernel.manager.provisioner.process
    kernel.manager.shutdown_kernel(now=False)
    assert process.poll() is not None
