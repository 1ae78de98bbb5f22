/** The one part of `node:crypto` that the library asks of a page: SHA-256 of texts and bytes. */
import { sha256 } from "npm:@noble/hashes@2.4.0/sha2.js";
import { bytesToHex, utf8ToBytes } from "npm:@noble/hashes@2.4.0/utils.js";

/** A running digest. */
interface Hash {
  update(part: string | Uint8Array): Hash;
  digest(form: "hex"): string;
}

/** As `node:crypto` has it, for "sha256" and "hex". */
export function createHash(_algorithm: "sha256"): Hash {
  const running = sha256.create();
  const hash: Hash = {
    update(part) {
      running.update(typeof part === "string" ? utf8ToBytes(part) : part);
      return hash;
    },
    digest: () => bytesToHex(running.digest()),
  };
  return hash;
}
