"""Cells, results, errors, output and its order."""

import pytest


def test_result_and_state(kernel):
    assert kernel.run("let x: number = 20").status == "ok"
    cell = kernel.run("x + 22")
    assert cell.text == "42"
    assert [m["msg_type"] for m in cell.messages] == ["status", "execute_input", "execute_result", "status"]
    assert cell.of("execute_input")[0] == {"code": "x + 22", "execution_count": cell.content["execution_count"]}


def test_redeclaration_and_top_level_await(kernel):
    kernel.run("const name = 1")
    assert kernel.run("const name = await Promise.resolve('two'); name").text == "'two'"


def test_error_has_the_cells_own_lines(kernel):
    cell = kernel.run("const a = 1;\n\nthrow new RangeError('too far')")
    assert cell.status == "error"
    assert (cell.content["ename"], cell.content["evalue"]) == ("RangeError", "too far")
    assert any(":3:" in line for line in cell.content["traceback"])
    assert cell.of("error")[0]["ename"] == "RangeError"
    assert not any("node:" in line or "kernel-ext" in line for line in cell.content["traceback"])


def test_statement_and_undefined_show_nothing(kernel):
    assert kernel.run("const y = 5").result is None
    assert kernel.run("undefined").result is None
    assert kernel.run("").status == "ok"


def test_type_errors_follow_and_do_not_block(kernel):
    msg_id = kernel.send("const wrong: number = 'text'; wrong")
    reply = kernel.reply(msg_id)
    assert reply["content"]["status"] == "ok"
    text = ""
    seen = []
    while "TS2322" not in text:
        message = kernel.iopub(20)
        if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "stream":
            text += message["content"]["text"]
        seen.append(message)
    assert text.startswith("1:7 - TS2322: ")


def test_silent_and_store_history(kernel):
    before = kernel.run("1").content["execution_count"]
    silent = kernel.run("console.log('heard'); 2", silent=True)
    assert silent.stdout == "heard\n"
    assert silent.result is None and silent.of("execute_input") == []
    assert kernel.run("3", store_history=False).text == "3"
    assert kernel.run("4").content["execution_count"] == before + 1


def test_user_expressions(kernel):
    cell = kernel.run("const u = 6", user_expressions={"good": "u * 7", "bad": "nothingHere"})
    assert cell.content["user_expressions"]["good"]["data"]["text/plain"] == "42"
    assert cell.content["user_expressions"]["bad"]["status"] == "error"


def test_flood_arrives_whole_and_in_order(kernel):
    cell = kernel.run("for (let i = 0; i < 20000; i++) console.log('line ' + i);", timeout=60)
    assert cell.stdout.splitlines() == [f"line {i}" for i in range(20000)]
    assert cell.messages[-1]["content"] == {"execution_state": "idle"}


def test_flood_of_300000_lines(kernel):
    cell = kernel.run("for (let i = 0; i < 300000; i++) console.log(i);", timeout=90)
    assert cell.stdout.splitlines() == [str(i) for i in range(300000)]


def test_output_is_capped_with_one_line(start):
    kernel = start(RUNLAB_OUTPUT_MB="1")
    cell = kernel.run("for (let i = 0; i < 30000; i++) console.log('é'.repeat(50));", timeout=60)
    assert len(cell.stdout.encode()) <= 1_000_000
    assert "\ufffd" not in cell.stdout
    assert cell.stderr.count("[output cut") == 1 and "2.0 MB more were dropped" in cell.stderr
    assert kernel.run("'after'").text == "'after'"


def test_streams_keep_their_order(kernel):
    cell = kernel.run("console.log('a'); console.error('b'); console.log('c'); display('d'); process.stdout.write('e')")
    kinds = [(m["msg_type"], m["content"].get("name"), m["content"].get("text")) for m in cell.messages if m["msg_type"] in ("stream", "display_data")]
    assert kinds == [("stream", "stdout", "a\n"), ("stream", "stderr", "b\n"), ("stream", "stdout", "c\n"), ("display_data", None, None), ("stream", "stdout", "e")]


def test_output_of_child_processes(kernel):
    cell = kernel.run("import { execSync } from 'node:child_process';\nexecSync('echo from the shell', { stdio: 'inherit' }); undefined")
    assert cell.stdout == "from the shell\n"


def test_late_output_belongs_to_its_cell(kernel):
    first = kernel.send("setTimeout(() => console.log('late'), 300); undefined")
    kernel.reply(first)
    second = kernel.send("await new Promise((resolve) => setTimeout(resolve, 800)); 'second'")
    parents = []
    while True:
        message = kernel.iopub(10)
        if message["msg_type"] == "stream" and "late" in message["content"]["text"]:
            parents.append(message["parent_header"]["msg_id"])
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle" and message["parent_header"]["msg_id"] == second:
            break
    kernel.reply(second)
    assert parents == [first]


def test_uncaught_errors_become_stderr(kernel):
    cell = kernel.run("Promise.reject(new Error('nobody waits')); setTimeout(() => { throw new Error('in a timer') }, 10); await new Promise(r => setTimeout(r, 100))")
    assert cell.status == "ok"
    assert "Unhandled rejection: Error: nobody waits" in cell.stderr
    assert "Uncaught exception: Error: in a timer" in cell.stderr
    assert kernel.run("1 + 1").text == "2"


def test_an_error_aborts_the_queued_cells(kernel):
    ids = [kernel.send(code) for code in ("await new Promise(r => setTimeout(r, 300)); throw new Error('stop here')", "globalThis.ran = 1", "2")]
    replies = [kernel.reply(msg_id)["content"]["status"] for msg_id in ids]
    assert replies == ["error", "aborted", "aborted"]
    kernel.until_idle(ids[2])
    assert kernel.run("typeof (globalThis as any).ran").text == "'undefined'"


def test_stop_on_error_false_goes_on(kernel):
    first = kernel.send("await new Promise(r => setTimeout(r, 200)); throw new Error('go on')", stop_on_error=False)
    second = kernel.send("'went on'")
    assert kernel.reply(first)["content"]["status"] == "error"
    assert kernel.reply(second)["content"]["status"] == "ok"
    kernel.until_idle(second)


def test_many_cells(kernel):
    ids = [kernel.send(f"const cell{i}: number = {i}; cell{i} + 1") for i in range(200)]
    for msg_id in ids:
        assert kernel.reply(msg_id, timeout=60)["content"]["status"] == "ok"
    seen = kernel.until_idle(ids[-1], timeout=60)
    assert [m["content"]["data"]["text/plain"] for m in seen if m["msg_type"] == "execute_result"] == ["200"]


def test_answers_while_a_cell_runs(start):
    kernel = start()
    kernel.warm()
    kernel.run("let somethingLong = 1")
    msg_id = kernel.send("const until = Date.now() + 3000; while (Date.now() < until) {}")
    assert kernel.ask("kernel_info")["status"] == "ok"
    assert kernel.ask("complete", "somethingL", 10)["matches"] == ["somethingLong"]
    assert "number" in kernel.ask("inspect", "somethingLong", 5)["data"]["text/plain"]
    assert kernel.ask("is_complete", "for (;;) {")["status"] == "incomplete"
    with pytest.raises(Exception):
        kernel.client.get_shell_msg(timeout=0.01)  # the cell itself still runs
    assert kernel.reply(msg_id)["content"]["status"] == "ok"
