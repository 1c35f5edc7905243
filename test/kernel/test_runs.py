"""`%%run` cells and line magics through the real kernel: the run folder, the card, and every way a run can end."""

import json

import pytest

CARD = "application/vnd.runlab.run.v1+json"


def metas(kernel):
    return sorted((json.loads(path.read_text()) for path in kernel.folder.glob("models/runs/*/run_meta.json")), key=lambda meta: meta["started_at"])


def last(kernel):
    return metas(kernel)[-1]


def test_a_run_is_recorded(kernel):
    cell = kernel.run("%%run first --seed 42 --depth 3\nconsole.log('depth', config.depth, config.seed);\n({ score: config.depth / 4 })", timeout=40)
    assert cell.status == "ok", cell.content
    assert cell.stdout == "depth 3 42\n"
    meta = last(kernel)
    assert (meta["name"], meta["status"], meta["seed"], meta["seed_drawn"]) == ("first", "finished", 42, False)
    assert meta["flags"] == {"depth": 3} and meta["metrics"] == {"score": 0.75}
    folder = kernel.folder / "models" / "runs" / meta["id"]
    assert (folder / "code" / "cell.ts").read_text().startswith("%%run first --seed 42")
    assert "depth 3 42" in (folder / "logs" / "output.txt").read_text()
    cards = cell.of("display_data") + cell.of("update_display_data")
    assert cards[0]["data"][CARD]["status"] == "running" and cards[-1]["data"][CARD]["status"] == "finished"
    assert len({card["transient"]["display_id"] for card in cards}) == 1
    assert cards[-1]["data"][CARD]["metrics"] == {"score": 0.75}
    assert "text/html" in cards[-1]["data"] and "text/plain" in cards[-1]["data"]


def test_a_value_that_cannot_be_read_leaves_no_run_open(kernel):
    cell = kernel.run("%%run unreadable --seed 1\nconsole.log('done');\n({ get score(): number { throw new Error('boom') } })", timeout=40)
    assert cell.status == "ok", cell.content
    assert cell.stderr.count("\n") <= 1 and "    at " not in cell.stderr
    assert last(kernel)["name"] == "unreadable" and last(kernel)["status"] == "finished"
    # Nothing of the run listens any more.
    kernel.run("console.log('after')")
    logged = (kernel.folder / "models" / "runs" / last(kernel)["id"] / "logs" / "output.txt").read_text()
    assert "done" in logged and "after" not in logged


def test_a_value_that_cannot_be_shown_leaves_no_run_open(kernel):
    broken = "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': { n: 0, toJSON() { if (this.n++ > 0) throw new Error('only once'); return 1 } } }) })"
    cell = kernel.run(f"%%run unshowable --seed 1\n{broken}", timeout=40)
    assert cell.status == "ok", cell.content
    assert cell.stderr == "The value could not be shown: Error: only once\n"
    assert last(kernel)["name"] == "unshowable" and last(kernel)["status"] == "finished"


def test_a_run_whose_value_hangs_while_it_is_read_can_be_stopped(kernel):
    kernel.run("let held = 5")
    cell, _ = kernel.interrupt_after("%%run endless --seed 1\n({ get score(): number { while (true) {} } })", 2.5)
    assert cell.content["ename"] == "KeyboardInterrupt", cell.content
    assert last(kernel)["name"] == "endless" and last(kernel)["status"] == "interrupted"
    assert kernel.run("held").text == "5"


def test_a_drawn_seed_is_told_and_recorded(kernel):
    cell = kernel.run("%%run drawn\nconfig.seed", timeout=40)
    meta = last(kernel)
    assert meta["seed_drawn"] is True and cell.text == str(meta["seed"])


def test_type_errors_stop_a_run_before_it_starts(kernel):
    before = len(metas(kernel))
    cell = kernel.run("%%run wrong --depth 3\nconsole.log('started');\nconfig.depht", timeout=40)
    assert cell.status == "error" and cell.content["ename"] == "TypeCheckError"
    assert "3:8 - TS" in cell.content["evalue"] and cell.stdout == ""
    assert len(metas(kernel)) == before


def test_a_bad_magic_line_is_one_clear_line(kernel):
    for code in ("%%run x --seed\n1", "%%rnu\n1", "%runs --nonsense", "%show nothing-like-this"):
        cell = kernel.run(code)
        assert cell.status == "error", code
        assert len(cell.content["traceback"]) == 1, cell.content


def test_a_failing_run_keeps_its_error(kernel):
    cell = kernel.run("%%run fails --seed 1\nconst a = 1;\nthrow new RangeError('not this way')", timeout=40)
    assert cell.status == "error" and cell.content["ename"] == "RangeError"
    assert any(":3:" in line for line in cell.content["traceback"])
    meta = last(kernel)
    assert meta["status"] == "failed" and meta["error"]["message"] == "not this way"
    assert cell.of("update_display_data")[-1]["data"][CARD]["status"] == "failed"


def test_an_interrupted_run_says_so(kernel):
    cell, _ = kernel.interrupt_after("%%run stopped --seed 1\nwhile (true) {}", 2.0)
    assert cell.content["ename"] == "KeyboardInterrupt"
    assert last(kernel)["status"] == "interrupted"


def test_plots_are_kept(kernel):
    kernel.run("%%run plotted --seed 1\ndisplay({ mark: 'bar', title: 'My bars', data: { values: [{ a: 1 }] }, encoding: { x: { field: 'a' } } })", timeout=40)
    folder = kernel.folder / "models" / "runs" / last(kernel)["id"] / "plots"
    assert [path.name for path in folder.glob("*.json")], list(folder.parent.rglob("*"))


def test_math_random_is_seeded_within_a_run_only(kernel):
    draw = "%%run draws --seed 7\n[Math.random(), Math.random()].join()"
    first, second = kernel.run(draw, timeout=40).text, kernel.run(draw, timeout=40).text
    assert first == second
    assert kernel.run("[Math.random(), Math.random()].join()").text != first


def test_library_names_need_no_import_and_may_be_taken(kernel):
    kernel.folder.joinpath("numbers.csv").write_text("a,b\n1,2\n3,4\n")
    assert kernel.run("(await readTable('numbers.csv')).numRows", timeout=30).text == "2"
    assert kernel.run("const split = 'mine'; split").text == "'mine'"


def test_line_magics(kernel):
    listed = kernel.run("%lsmagic").of("display_data")[0]["data"]["text/plain"]
    assert "%%run" in listed and "%diff" in listed
    runs = kernel.run("%runs").of("display_data")[0]["data"]["text/plain"]
    assert "first" in runs and "fails" in runs
    shown = kernel.run("%show last").of("display_data")[0]["data"]["text/plain"]
    assert shown
    assert kernel.run("%diff last~1 last").of("display_data")[0]["data"]["text/plain"]
    reply = kernel.ask("complete", "%%run --s", 9)
    assert "--seed" in reply["matches"]
    assert "depth" in kernel.ask("complete", "%%run --depth 3\nconfig.de", 25)["matches"]


@pytest.mark.parametrize("code, status, ename", [("process.exit(3)", "failed", "ProcessExit"), ("process.kill(process.pid, 'SIGKILL')", "crashed", "ProcessDied")])
def test_a_run_whose_process_dies_is_closed(start, code, status, ename):
    kernel = start()
    cell = kernel.run(f"%%run dies --seed 5\nawait new Promise(r => setTimeout(r, 200));\n{code}", timeout=40)
    assert cell.content["ename"] == ename, cell.content
    assert last(kernel)["status"] == status and "started again" in last(kernel)["error"]["message"]
    assert cell.of("update_display_data")[-1]["data"][CARD]["status"] == status
    assert kernel.run("%%run next --seed 5\n1", timeout=40).status == "ok"


def test_a_run_that_runs_out_of_memory_is_closed(start):
    kernel = start(RUNLAB_HEAP_MB="150")
    cell = kernel.run("%%run eats --seed 5\nconst all = []; for (;;) all.push(new Array(1e5).fill(Math.random()));", timeout=90)
    assert cell.content["ename"] == "OutOfMemory"
    assert last(kernel)["status"] == "crashed" and "heap" in last(kernel)["error"]["message"]


def test_a_run_in_progress_at_shutdown_is_closed(start):
    kernel = start()
    msg_id = kernel.send("%%run left --seed 5\nawait new Promise(() => {})")
    kernel.until_idle(msg_id, timeout=40, stop=lambda message: message["msg_type"] == "display_data")
    kernel.manager.shutdown_kernel(now=False)
    assert last(kernel)["status"] == "interrupted"
