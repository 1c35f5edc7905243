"""The stop button in every kind of hang, with state kept where it can be; and the deaths that cannot be helped."""

import json
import re
import threading
import time
from queue import Empty

import pytest

KEPT = {
    "a loop": "while (true) {}",
    "try/finally loops": "try { while (true) {} } finally { while (true) {} }",
    "a regular expression": "/(a+)+$/.exec('a'.repeat(40) + 'b')",
    "a pending await": "await new Promise(() => {})",
    "a chain of promises": "(async () => { for (;;) await null })(); await new Promise(() => {})",
    "a loop after an await": "await null; while (true) {}",
    "a loop after a timer": "await new Promise(r => setTimeout(r, 10)); while (true) {}",
    "a loop after reading a file": "await (await import('node:fs/promises')).readFile('/etc/hostname'); while (true) {}",
    "a loop in a timer": "setTimeout(() => { while (true) {} }, 10); await new Promise(() => {})",
    "a handler of the user's": "process.on('SIGINT', () => {}); while (true) {}",
    "native work in a loop": "const zlib = await import('node:zlib'); for (;;) zlib.gzipSync(Buffer.alloc(1e7))",
    "a program that waits": "(await import('node:child_process')).execSync('sleep 30')",
    "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
}


@pytest.mark.parametrize("hang", KEPT)
def test_hang_is_interrupted_and_state_kept(kernel, hang):
    kernel.run("let kept = 7")
    beats = []
    stop = threading.Event()

    def beat():
        while not stop.is_set():
            beats.append(kernel.heartbeat())
            time.sleep(0.05)

    thread = threading.Thread(target=beat)
    thread.start()
    cell, took = kernel.interrupt_after(KEPT[hang], 0.5)
    stop.set()
    thread.join()
    assert cell.status == "error" and cell.content["ename"] == "KeyboardInterrupt", cell.content
    assert kernel.run("kept").text == "7", f"state lost: {cell.content['evalue']} {cell.stderr}"
    assert len(beats) >= 3
    print(f"{hang}: stopped in {took * 1000:.0f} ms, slowest heartbeat {max(beats) * 1000:.0f} ms")


SHOWN = {
    "a display that never ends": "({ [Symbol.for('nodejs.util.inspect.custom')]() { while (true) {} } })",
    "a display of its own that never ends": "({ [Symbol.for('Jupyter.display')]() { while (true) {} } })",
    "a value after an await": "await null; ({ get [Symbol.for('Jupyter.display')]() { while (true) {} } })",
}


@pytest.mark.parametrize("hang", SHOWN)
def test_a_value_that_hangs_while_it_is_shown_is_interrupted_and_state_kept(kernel, hang):
    kernel.run("let unshown = 8")
    cell, _ = kernel.interrupt_after(SHOWN[hang], 0.5)
    assert cell.status == "error" and cell.content["ename"] == "KeyboardInterrupt", cell.content
    assert kernel.run("unshown").text == "8", f"state lost: {cell.content['evalue']} {cell.stderr}"


@pytest.mark.parametrize("hang", ["while (true) {}", "await new Promise(() => {})", *SHOWN.values()])
def test_a_user_expression_that_hangs_is_interrupted_and_state_kept(kernel, hang):
    kernel.run("let unasked = 9")
    msg_id = kernel.send("1 + 1", user_expressions={"hangs": hang, "after": "unasked"})
    time.sleep(0.5)
    kernel.manager.interrupt_kernel()
    content = kernel.reply(msg_id)["content"]
    kernel.until_idle(msg_id)
    assert content["status"] == "ok", content
    assert {name: each["ename"] for name, each in content["user_expressions"].items()} == {"hangs": "KeyboardInterrupt", "after": "KeyboardInterrupt"}
    assert kernel.run("unasked").text == "9"


class Gate:
    """While it is closed no child of the kernel gets ready."""

    def __init__(self, folder):
        self.file = folder / "closed"
        self.script = folder / "gate.cjs"
        self.script.write_text(
            "const { existsSync } = require('node:fs');"
            "if (/child.main\\.js$/.test(process.argv[1] ?? '') && require('node:worker_threads').isMainThread)"
            f"  while (existsSync({json.dumps(str(self.file))})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)"
        )

    def close(self):
        self.file.touch()

    def open(self):
        self.file.unlink()


@pytest.fixture
def gated(start, tmp_path):
    """A kernel that was told to start, and whose child does not get ready until the gate is opened."""
    gate = Gate(tmp_path)
    gate.close()
    return start(NODE_OPTIONS=f"--require {gate.script}"), gate


def stop_before_the_child_has_it(kernel, gate):
    """Sends a cell and the stop button, then lets the child get ready: it must not know of the cell."""
    msg_id = kernel.send("process.env.RAN_ANYWAY = 'yes'")
    # The button has a channel of its own, and must not overtake the cell.
    kernel.until_idle(msg_id, stop=lambda message: message["msg_type"] == "execute_input")
    kernel.manager.interrupt_kernel()
    content = kernel.reply(msg_id)["content"]
    kernel.until_idle(msg_id)
    assert content["status"] == "error" and content["ename"] == "KeyboardInterrupt", content
    gate.open()
    # What the child was given before comes before.
    assert kernel.run("process.env.RAN_ANYWAY").result is None
    assert kernel.run("typeof process.env.RAN_ANYWAY").text == "'undefined'"


def test_a_cell_stopped_while_the_kernel_starts_does_not_run(gated):
    stop_before_the_child_has_it(*gated)


def test_a_cell_stopped_while_the_next_child_starts_does_not_run(gated):
    kernel, gate = gated
    gate.open()
    kernel.run("1")
    gate.close()
    assert kernel.run("process.exit(3)").content["ename"] == "ProcessExit"
    stop_before_the_child_has_it(kernel, gate)


def test_the_button_without_a_cell_leaves_a_child_that_starts_alone(gated):
    kernel, gate = gated
    kernel.manager.interrupt_kernel()
    # A stopped child would be gone by now; a second one would get ready as well, and say what it had lost.
    time.sleep(0.5)
    gate.open()
    cell = kernel.run("6 * 7")
    assert cell.text == "42" and cell.stderr == ""


def test_the_button_pressed_for_the_next_cell_at_once_counts(kernel):
    """The first press still watches over its cell for a tenth of a second; the second is not a repetition of it."""
    kernel.run("let twice = 6")
    first = kernel.send("while (true) {}")
    time.sleep(0.4)
    kernel.manager.interrupt_kernel()
    assert kernel.reply(first)["content"]["ename"] == "KeyboardInterrupt"
    second = kernel.send("console.log('runs'); while (true) {}")
    kernel.until_idle(second, stop=lambda message: message["msg_type"] == "stream")
    kernel.manager.interrupt_kernel()
    assert kernel.reply(second, timeout=5)["content"]["ename"] == "KeyboardInterrupt"
    kernel.until_idle(second)
    assert kernel.run("twice").text == "6"


def test_what_cannot_be_stopped_is_killed_and_said(kernel):
    kernel.run("let lost = 1")
    # A program that will not hear of SIGINT, waited for with the thread held: neither signal nor V8 can end that.
    cell, took = kernel.interrupt_after("(await import('node:child_process')).execSync(`trap '' INT; sleep 30; echo x`)", 0.5)
    assert cell.status == "error" and cell.content["ename"] == "KeyboardInterrupt"
    assert "state is lost" in cell.content["evalue"] and "started again" in cell.content["evalue"]
    assert kernel.run("typeof lost").text == "'undefined'"


def test_a_wait_for_nothing_lasts_until_the_button(kernel):
    """The promise is garbage as soon as it is awaited; collecting it must end neither the cell nor the process."""
    kernel.run("import v8 from 'node:v8'; import vm from 'node:vm'; v8.setFlagsFromString('--expose-gc'); const gc = vm.runInNewContext('gc'); let waited = 5")
    msg_id = kernel.send("setTimeout(() => { gc(); gc() }, 100); await new Promise(() => {})")
    with pytest.raises(Empty):
        kernel.client.get_shell_msg(timeout=1)
    kernel.manager.interrupt_kernel()
    assert kernel.reply(msg_id)["content"]["ename"] == "KeyboardInterrupt"
    kernel.until_idle(msg_id)
    assert kernel.run("gc(); waited").text == "5"


def test_interrupt_aborts_the_queue(kernel):
    ids = [kernel.send(code) for code in ("while (true) {}", "'never'")]
    time.sleep(0.4)
    kernel.manager.interrupt_kernel()
    assert [kernel.reply(msg_id)["content"]["status"] for msg_id in ids] == ["error", "aborted"]
    kernel.until_idle(ids[1])
    assert kernel.run("'next'").text == "'next'"


def test_interrupt_without_a_cell_does_no_harm(kernel):
    kernel.run("let still = 3")
    kernel.manager.interrupt_kernel()
    time.sleep(0.5)
    assert kernel.run("still").text == "3"


def test_interrupt_of_a_timer_that_hangs_between_cells(kernel):
    kernel.run("let alive = 4; setTimeout(() => { while (true) {} }, 50); undefined")
    time.sleep(0.3)
    kernel.manager.interrupt_kernel()
    assert kernel.run("alive").text == "4"


def test_out_of_memory_is_said_and_the_kernel_comes_back(start):
    kernel = start(RUNLAB_HEAP_MB="100")
    kernel.run("let before = 1")
    cell = kernel.run("const all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));", timeout=60)
    assert cell.status == "error" and cell.content["ename"] == "OutOfMemory"
    # V8 adds its young generation to the old one that was asked for.
    assert re.search(r"limit of \d+ MB", cell.content["evalue"]) and "started again" in cell.content["evalue"]
    assert "Last few GCs" not in cell.stderr
    assert kernel.run("typeof before").text == "'undefined'"
    assert kernel.run("6 * 7").text == "42"


def test_memory_outside_the_heap_is_watched(start):
    kernel = start(RUNLAB_MEMORY_MB="400")
    cell = kernel.run("const held = []; for (;;) { held.push(Buffer.alloc(2e7, 1)); await new Promise(r => setTimeout(r, 20)) }", timeout=60)
    assert cell.content["ename"] == "OutOfMemory" and "of the 400 MB" in cell.content["evalue"]
    assert kernel.run("6 * 7").text == "42"


def test_process_exit_is_said_and_the_kernel_comes_back(kernel):
    kernel.run("let gone = 1")
    cell = kernel.run("console.log('last words'); process.exit(3)")
    assert cell.content["ename"] == "ProcessExit" and "exit code 3" in cell.content["evalue"]
    assert cell.stdout == "last words\n"
    assert kernel.run("typeof gone").text == "'undefined'"
    # Types of the lost variables are gone too: nothing may be offered that is not there.
    assert kernel.ask("complete", "gon", 3)["matches"] == []
