/** Version of this library. */
export const RELEASE = "0.1.0";
