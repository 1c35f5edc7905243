// `npm run build`: the library, the kernel and the sidebar.
import { core, packages, sidebar, checkNode } from "./steps.mjs";
import { SetupError } from "./step.mjs";

try {
  checkNode();
  await packages();
  await core();
  await sidebar();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}
