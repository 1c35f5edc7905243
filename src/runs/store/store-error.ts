/** Turns a failed call to the file system into one line that says what could not be done, where, and why. */
import { RunlabError } from "../../errors.js";
import { errorCode } from "./disk.js";

const REASONS: Record<string, string> = {
  ENOSPC: "there is no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EROFS: "the disk is read-only",
  EIO: "the disk reported an error",
  ENOENT: "it is not there",
  ENOTDIR: "a file stands where a folder is needed",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "it is a link, and links are not followed",
};

/** `doing` completes "could not …". An error that is no file-system failure is given back as it is. */
export function storeError(error: unknown, doing: string, path: string): Error {
  if (error instanceof RunlabError) return error;
  const code = errorCode(error);
  if (code === "") return error as Error;
  return new RunlabError(`could not ${doing}: ${REASONS[code] ?? "the file system refused"} (${code}): ${path}`);
}
