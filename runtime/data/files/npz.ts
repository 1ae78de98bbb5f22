import { type UnzipFileInfo, unzipSync } from "npm:fflate@0.8.3";
import { InputError } from "../../../dsl/error.ts";
import { list, suggestion } from "../../../dsl/schema/words.ts";
import { type NumericArray, parseNpy } from "./npy.ts";

/** The arrays of an `.npz` file, a zip archive of `.npy` files; each is unpacked when asked for. */
export interface NpzArchive {
  /** Names of the arrays. */
  readonly names: readonly string[];
  /**
   * @param field The field of the spec that names the array.
   * @throws {InputError} If there is no array of that name, or it does not hold numbers.
   */
  array(name: string, field: string): NumericArray;
}

/**
 * Opens the bytes of an `.npz` file.
 *
 * @param label What messages call the file.
 * @throws {InputError} If the bytes are not a whole zip archive.
 */
export function openNpz(bytes: Uint8Array, label: string): NpzArchive {
  const names: string[] = [];
  const unzip = (filter: (info: UnzipFileInfo) => boolean): Record<string, Uint8Array> => {
    try {
      return unzipSync(bytes, { filter });
    } catch (cause) {
      throw new InputError(
        `Cannot read ${label} as an .npz file: it is not a zip archive, or it is truncated`,
        { field: "path", cause },
      );
    }
  };
  unzip(({ name }) => {
    if (name.endsWith(".npy")) names.push(name.slice(0, -".npy".length));
    return false;
  });
  return {
    names,
    array(name, field) {
      if (!names.includes(name)) {
        throw new InputError(
          `Cannot read ${label}: there is no array ${JSON.stringify(name)}, only ${list(names)}` +
            suggestion(name, names),
          { field },
        );
      }
      const entry = `${name}.npy`;
      return parseNpy(unzip((info) => info.name === entry)[entry], `${entry} in ${label}`);
    },
  };
}
