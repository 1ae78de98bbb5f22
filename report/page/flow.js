// The flow from source to target on a canvas: play, pause, and a slider for the time.
//
// The canvas carries all it draws: `data-frames` holds the states, frame by frame, as base64; `data-kind` says whether
// they are images ([frames, images, channels, height, width] bytes) or points ([frames, points, columns] numbers from
// 0 to 65535 along each column's axis).
for (const root of document.querySelectorAll(".flow")) {
  const canvas = root.querySelector("canvas");
  const play = root.querySelector("button");
  const slider = root.querySelector("input");
  const output = root.querySelector("output");
  const axes = [...root.querySelectorAll("select")];
  const facts = JSON.parse(canvas.dataset.facts);
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const frames = bytes(canvas.dataset.frames);
  const color = (role) => getComputedStyle(document.documentElement).getPropertyValue(`--${role}`);
  const context = canvas.getContext("2d");
  let time = 1;
  let started = null; // when the clock stood at t = 0, while playing

  /** Calls `use` with the two frames around the time, and how far it is from the first to the second. */
  const between = (use) => {
    const at = time * (facts.frames - 1);
    const first = Math.min(Math.floor(at), facts.frames - 2);
    return use(first, first + 1, at - first);
  };

  const drawImages = (width, height) => {
    const { count, across, channels, height: rows, width: columns } = facts;
    const size = channels * rows * columns;
    const down = Math.ceil(count / across);
    const picture = new ImageData(across * (columns + 1) - 1, down * (rows + 1) - 1);
    between((first, second, weight) => {
      for (let image = 0; image < count; image++) {
        const left = (image % across) * (columns + 1);
        const top = Math.floor(image / across) * (rows + 1);
        for (let pixel = 0; pixel < rows * columns; pixel++) {
          const x = left + pixel % columns;
          const to = 4 * ((top + Math.floor(pixel / columns)) * picture.width + x);
          for (let c = 0; c < 3; c++) {
            const from = image * size + (channels === 3 ? c : 0) * rows * columns + pixel;
            const a = frames[first * count * size + from];
            picture.data[to + c] = a + weight * (frames[second * count * size + from] - a);
          }
          picture.data[to + 3] = 255;
        }
      }
    });
    const small = new OffscreenCanvas(picture.width, picture.height);
    small.getContext("2d").putImageData(picture, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, width, height);
  };

  const points = facts.kind === "points" ? new Uint16Array(frames.buffer) : null;
  const target = facts.kind === "points"
    ? new Uint16Array(bytes(canvas.dataset.target).buffer)
    : null;

  /** Round numbers that divide an axis into about five parts. */
  const ticks = ([low, high]) => {
    const rough = (high - low) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const found = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(k * step);
    return found.map((value) => ({
      at: (value - low) / (high - low),
      text: Number(value.toPrecision(6)).toString().replace("-", "−"),
    }));
  };

  const drawPoints = (width, height) => {
    const { count, columns, names, domains } = facts;
    const overTime = columns === 1; // one column is drawn against time
    const [i, j] = overTime
      ? [null, 0]
      : axes.length > 0
      ? axes.map((s) => Number(s.value))
      : [0, 1];
    const area = { left: 46, top: 8, width: width - 56, height: height - 48 };
    const px = (u) => area.left + u * area.width;
    const py = (v) => area.top + (1 - v) * area.height;
    context.font = "11px system-ui, sans-serif";
    context.lineWidth = 1;
    const text = (words, x, y, align = "center") => {
      context.fillStyle = color("text");
      context.textAlign = align;
      context.fillText(words, x, y);
    };
    context.strokeStyle = color("grid");
    const grid = (x0, y0, x1, y1) => {
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
      context.stroke();
    };
    for (const tick of ticks(overTime ? [0, 1] : domains[i])) {
      grid(px(tick.at), py(0), px(tick.at), py(1));
      text(tick.text, px(tick.at), py(0) + 16);
    }
    for (const tick of ticks(domains[j])) {
      grid(px(0), py(tick.at), px(1), py(tick.at));
      text(tick.text, px(0) - 6, py(tick.at) + 4, "right");
    }
    text(overTime ? "t" : names[i], px(0.5), py(0) + 34);
    context.save();
    context.translate(11, py(0.5));
    context.rotate(-Math.PI / 2);
    text(names[j], 0, 0);
    context.restore();
    context.strokeStyle = color("frame");
    context.strokeRect(px(0), py(1), area.width, area.height);

    context.save();
    context.beginPath();
    context.rect(px(0), py(1), area.width, area.height);
    context.clip();
    context.fillStyle = color("targetInk");
    context.globalAlpha = 0.5;
    for (let k = 0; k < target.length / columns; k++) {
      const x = overTime ? 1 : target[k * columns + i] / 65535;
      context.fillRect(px(x) - 1, py(target[k * columns + j] / 65535) - 1, 2, 2);
    }
    const state = (frame, point, column) =>
      column === null
        ? frame / (facts.frames - 1)
        : points[(frame * count + point) * columns + column] / 65535;
    between((first, second, weight) => {
      const now = (point, column) => {
        const a = state(first, point, column);
        return a + weight * (state(second, point, column) - a);
      };
      context.strokeStyle = color("source");
      context.globalAlpha = 0.35;
      context.beginPath();
      for (let point = 0; point < count; point++) { // a tail of the last frames
        const from = Math.max(0, first - 4);
        context.moveTo(px(state(from, point, i)), py(state(from, point, j)));
        for (let frame = from + 1; frame <= first; frame++) {
          context.lineTo(px(state(frame, point, i)), py(state(frame, point, j)));
        }
        context.lineTo(px(now(point, i)), py(now(point, j)));
      }
      context.stroke();
      context.fillStyle = color("samples");
      context.globalAlpha = 0.85;
      context.beginPath();
      for (let point = 0; point < count; point++) {
        const [x, y] = [px(now(point, i)), py(now(point, j))];
        context.moveTo(x + 2, y);
        context.arc(x, y, 2, 0, 2 * Math.PI);
      }
      context.fill();
    });
    context.restore();
  };

  const draw = () => {
    const width = canvas.clientWidth;
    const height = Math.round(width * facts.aspect);
    canvas.style.height = `${height}px`;
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    (points === null ? drawImages : drawPoints)(width, height);
    slider.value = time;
    slider.setAttribute("aria-valuetext", `t = ${time.toFixed(2)}`);
    output.textContent = `t = ${time.toFixed(2)}`;
  };
  const stop = () => {
    started = null;
    play.textContent = "Play";
  };
  const step = (now) => {
    if (started === null) return;
    time = Math.min(1, (now - started) / 3500);
    draw();
    if (time < 1) requestAnimationFrame(step);
    else stop();
  };
  const start = () => {
    if (time >= 1) time = 0;
    started = performance.now() - 3500 * time;
    play.textContent = "Pause";
    requestAnimationFrame(step);
  };

  play.addEventListener("click", () => started === null ? start() : stop());
  slider.addEventListener("input", () => {
    stop();
    time = Number(slider.value);
    draw();
  });
  for (const select of axes) select.addEventListener("change", draw);
  addEventListener("themechange", draw);
  new ResizeObserver(draw).observe(root);
  root.querySelector(".controls").hidden = false;
  draw();
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      start();
    }, { threshold: 0.6 });
    seen.observe(canvas);
  }
}
