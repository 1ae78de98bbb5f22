/** The processor's model and cores, and the system. */
export async function machineName(): Promise<string> {
  const cores = navigator.hardwareConcurrency;
  const { os, arch } = Deno.build;
  return `${await processor()}, ${cores} cores, ${os} ${arch}`;
}

async function processor(): Promise<string> {
  if (Deno.build.os === "darwin") {
    const { stdout } = await new Deno.Command("sysctl", {
      args: ["-n", "machdep.cpu.brand_string"],
    }).output();
    return new TextDecoder().decode(stdout).trim();
  }
  if (Deno.build.os !== "linux") return "processor unknown";
  const text = await Deno.readTextFile("/proc/cpuinfo");
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*: (.*)$`, "m").exec(text)?.[1];
  const model = field("model name") ?? "processor unknown";
  return model.includes("@")
    ? model
    : `${model} (family ${field("cpu family")}, model ${field("model")})`;
}
