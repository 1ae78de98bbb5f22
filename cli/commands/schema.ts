import { schema } from "../../dsl/mod.ts";
import type { CommandDefinition } from "../command.ts";

/** The JSON Schema of specs. */
export const schemaCommand: CommandDefinition = {
  name: "schema",
  description: "print the JSON Schema of spec.json, for editors",
  on: "nothing",
  flags: [],
  examples: [["> spec.schema.json", "keep it beside a spec.json"]],
  action: (context) => {
    const document = schema();
    context.print(JSON.stringify(document, null, 2) + "\n");
    return Promise.resolve(document);
  },
};
