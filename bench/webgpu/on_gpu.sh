#!/usr/bin/env bash
# Unpacks gpu.tar.xz beside this file and measures, on a machine with a GPU, without network:
#
#     bash on_gpu.sh [OUT] [options of run.ts]
#
# PyTorch is measured where python3 has it with CUDA. The table is OUT/gpu_table.md.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="$(mkdir -p "${1:-.}" && cd "${1:-.}" && pwd)"
shift || true
place="$(mktemp -d)"
tar -xJf "$here/gpu.tar.xz" -C "$place" || python3 -m tarfile -e "$here/gpu.tar.xz" "$place"
export DENO_DIR="$place/cache" DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
export XDG_RUNTIME_DIR="$place"
ldconfig -p 2> /dev/null | grep -q libvulkan.so.1 || export LD_LIBRARY_PATH="$place/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
# A driver whose description is not where the loader looks is named to it.
if ! compgen -G "/usr/share/vulkan/icd.d/*.json" > /dev/null && ! compgen -G "/etc/vulkan/icd.d/*.json" > /dev/null; then
  icd="$(find / -xdev -path '*vulkan/icd.d/*.json' -not -path "$place/*" 2> /dev/null | head -n 1 || true)"
  if [ -n "$icd" ]; then export VK_DRIVER_FILES="$icd"; fi
fi
python=()
if python3 -c "import torch, sys; sys.exit(not torch.cuda.is_available())" 2> /dev/null; then
  python=(--python "$(command -v python3)")
fi
cd "$place/source"
exec "$place/deno" run -A --cached-only --no-check bench/webgpu/run.ts --out "$out" "${python[@]}" "$@"
