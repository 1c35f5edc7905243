"""The public conformance suite of kernels, jupyter_kernel_test."""

import jupyter_kernel_test
from conftest import wait_for_types


class RunlabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "runlab"
    language_name = "typescript"
    file_extension = ".ts"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The suite waits 15 s for an answer, also on a machine that is busy with other things.
        wait_for_types(cls.kc)

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    completion_samples = [{"text": "Math.flo", "matches": {"floor"}}, {"text": "JSON.pars", "matches": {"parse"}}]
    complete_code_samples = ["1", "console.log('hello')", "function f(x: number) {\n  return x * 2;\n}", "class A {}"]
    incomplete_code_samples = ["function f() {", "const s = `", "if (true) {", "[1, 2,"]
    invalid_code_samples = ["let = = 3", "const 1a = 2", "}{"]
    code_generate_error = "throw new Error('made on purpose')"
    code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": "'a' + 'b'", "result": "'ab'"}]
    code_display_data = [
        {"code": "display.html('<b>x</b>')", "mime": "text/html"},
        {"code": "display.image(Buffer.from('89504e470d0a1a0a', 'hex'))", "mime": "image/png"},
        {"code": "display({ mark: 'point', encoding: {}, data: { values: [] } })", "mime": "application/vnd.vegalite.v5+json"},
    ]
    code_history_pattern = "6 ? 7*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.floor"
    code_clear_output = "clearOutput()"
