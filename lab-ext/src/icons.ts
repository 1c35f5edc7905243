/** The icons of the extension; both take their colour from the theme. */
import { LabIcon } from "@jupyterlab/ui-components";
import compareSvg from "../style/compare.svg";
import runsSvg from "../style/runs.svg";

export const runsIcon = new LabIcon({ name: "runlab:runs", svgstr: runsSvg });
export const compareIcon = new LabIcon({ name: "runlab:compare", svgstr: compareSvg });
