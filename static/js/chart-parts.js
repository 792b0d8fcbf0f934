// What charts of every kind share: looks of meanings, words that fit, colours of the page, axes, rows and bars.
(() => {
  const WIDE = 560; // px from which on a line carries its name at its end (charts.css hides the legend there)
  const SMALL = 12;
  const stripes = (turn, gap, thick) => ({ symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [thick, gap], rotation: turn });
  // The second sign beside the colour: a pattern on surfaces, a symbol and a dash on lines (charts.css: legend).
  const LOOKS = {
    accent: { symbol: 'circle' },
    fresh: { symbol: 'circle' },
    good: { symbol: 'rect', dash: [10, 3], decal: stripes(0, 4, 1) },
    again: {
      symbol: 'diamond',
      dash: [2, 3],
      decal: {
        symbol: 'circle',
        dashArrayX: [
          [5, 5],
          [0, 5, 5, 0],
        ],
        dashArrayY: [5, 0],
        symbolSize: 0.5,
      },
    },
    back: { symbol: 'triangle', dash: [6, 3], decal: stripes(-Math.PI / 4, 4, 2) },
    voided: { symbol: 'path://M0 0H10L5 10Z', dash: [8, 3, 2, 3], decal: stripes(Math.PI / 4, 4, 2) },
    warn: { symbol: 'path://M0 3H10V7H0Z', dash: [4, 4], decal: stripes(Math.PI / 2, 5, 1) },
    bad: { symbol: 'path://M3 0H7V10H3Z', dash: [3, 2], decal: stripes(Math.PI / 4, 2, 1.5) },
    plain: { symbol: 'rect', dash: [12, 4] },
    muted: { symbol: 'circle', dash: [1, 3] },
    lost: { decal: stripes(-Math.PI / 4, 4, 1) },
  };

  // ---- words that fit: cut between letters as people see them, each its own direction
  const pen = document.createElement('canvas').getContext('2d');
  const measureIn = family => {
    pen.font = `${SMALL}px ${family}`;
  };
  const wide = text => pen.measureText(text).width;
  const widest = texts => Math.ceil(Math.max(0, ...texts.map(text => wide(text ?? ''))));
  const letters = text => Array.from(new Intl.Segmenter().segment(text), part => part.segment);
  function cut(text, room) {
    if (wide(text) <= room) return text;
    let kept = '';
    for (const letter of letters(text)) {
      if (wide(`${kept}${letter}…`) > room) break;
      kept += letter;
    }
    return `${kept.trimEnd()}…`;
  }
  function fit(text, room, most = 2) {
    const lines = [''];
    for (const word of text.split(/\s+/)) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (!lines.at(-1) || lines.length === most || wide(longer) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines.map(line => `\u2068${cut(line, room)}\u2069`).join('\n');
  }

  // ---- colours of tokens.css as they are here and now: light, dark or on paper
  function inks(figure) {
    const probe = figure.appendChild(document.createElement('i'));
    probe.hidden = true;
    const read = () => getComputedStyle(probe).color;
    const of = meaning => {
      probe.className = `chart-is-${meaning}`;
      probe.style.color = '';
      return read();
    };
    const token = name => {
      probe.style.color = `var(--${name})`;
      return read();
    };
    const meanings = [...Object.keys(LOOKS), 'half', 'three-quarters', 'nine-tenths'];
    const ink = Object.fromEntries(meanings.map(meaning => [meaning, of(meaning)]));
    for (const name of ['ink', 'ink-2', 'line', 'line-2', 'line-strong', 'card', 'hover', 'stripe']) ink[name] = token(name);
    probe.remove();
    return ink;
  }

  // ---- parts that several kinds share; `at`: {ink, width, height, font}
  const words = (at, more) => ({ color: at.ink['ink-2'], fontSize: SMALL, ...more });
  // What is pale has an edge that is seen.
  const EDGES = { muted: 'line-strong', lost: 'line-strong', 'nine-tenths': 'half', 'three-quarters': 'half' };
  const surface = (at, meaning) => ({
    color: at.ink[meaning],
    borderColor: at.ink[EDGES[meaning] ?? 'card'],
    borderWidth: EDGES[meaning] ? 0.75 : 1,
    decal: LOOKS[meaning]?.decal && { ...LOOKS[meaning].decal, color: at.ink[meaning === 'lost' ? 'line-2' : 'stripe'] },
  });
  function sizes(axis, at, more) {
    const end = axis.ticks.at(-1)[0];
    const step = axis.ticks[1][0];
    return {
      type: 'value',
      min: 0,
      max: end,
      interval: step,
      name: axis.name,
      nameTextStyle: words(at),
      axisLabel: words(at, { formatter: v => axis.ticks[Math.round(v / step)]?.[1] ?? '' }),
      splitLine: { lineStyle: { color: at.ink.line } },
      axisLine: { show: false },
      axisTick: { show: false },
      ...more,
    };
  }
  const upward = (axis, at) =>
    sizes(axis, at, {
      nameLocation: 'end',
      nameGap: 12,
      nameTextStyle: words(at, { align: 'left', padding: [0, 0, 0, -widest(axis.ticks.map(t => t[1])) - 8] }),
    });
  // Along the bottom every second or third tick is named where there is no room for all.
  function along(axis, at, plot) {
    const every = Math.ceil((widest(axis.ticks.map(t => t[1])) + 10) / (plot / (axis.ticks.length - 1)));
    const thinned = axis.ticks.map(([place, text], n) => [place, n % every ? '' : text]);
    return sizes({ ...axis, ticks: thinned }, at, { nameLocation: 'middle', nameGap: 24 });
  }
  const ordered = (names, at, more) => ({
    type: 'category',
    data: names,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: at.ink['line-2'] } },
    ...more,
    axisLabel: words(at, { ...more?.axisLabel }),
  });
  const line = (mark, at, way) =>
    mark && {
      silent: true,
      symbol: 'none',
      data: [{ [way]: mark[0] }],
      lineStyle: { color: at.ink['line-strong'], type: [4, 3], width: 1.25 },
      label: words(at, {
        formatter: () => mark[1],
        position: way === 'yAxis' ? 'insideEndTop' : 'start',
        textBorderColor: at.ink.card,
        textBorderWidth: 3,
      }),
    };
  // What is nothing has no edge either.
  const data = value => ({ value: value.size, own: value, ...(!value.size && { itemStyle: { borderWidth: 0 } }) });
  const leads = list => (list.some(one => one.url) ? 'pointer' : 'default');

  // Lying rows: names at the left in up to two lines, labels at the right, the sizes along the bottom.
  function rows(names, ends, chart, at) {
    const left = Math.min(widest(names), at.width * (at.width < WIDE ? 0.34 : 0.28)) + 2;
    const room = widest(ends);
    const right = room > at.width * 0.36 ? 16 : Math.max(16, room + 10);
    const named = chart.axis?.name;
    const plot = at.width - left - 10 - right;
    return {
      plot,
      labelled: room && room <= at.width * 0.36,
      grid: { left: left + 10, right, top: chart.mark ? 20 : 4, bottom: chart.axis ? (named ? 40 : 22) : 4, outerBoundsMode: 'none' },
      yAxis: ordered(names, at, {
        inverse: true,
        axisLabel: { color: at.ink.ink, interval: 0, lineHeight: 14, formatter: name => fit(name, left) },
      }),
      xAxis: chart.axis
        ? along(chart.axis, at, plot)
        : { type: 'value', show: false, min: 0, max: Math.max(1, ...chart.rows.map(r => r.size + (r.lost ?? 0))) },
    };
  }
  const beside = (at, show, text, place = 'right') => ({
    show: Boolean(show),
    position: place,
    distance: 6,
    color: at.ink.ink,
    fontSize: SMALL,
    textBorderColor: at.ink.card,
    textBorderWidth: 3,
    formatter: text,
  });
  // A number inside its part of a bar, where there is room for it.
  const inside = (at, meaning, text, room) =>
    text && wide(text) + 8 <= room
      ? {
          show: true,
          position: 'inside',
          fontSize: SMALL,
          formatter: () => text,
          color: at.ink[meaning === 'muted' ? 'ink' : meaning === 'lost' ? 'ink-2' : 'card'],
          textBorderColor: at.ink[meaning],
          textBorderWidth: 3,
        }
      : { show: false };
  const bar = (at, meaning, more) => ({
    type: 'bar',
    barMaxWidth: 22,
    barCategoryGap: '36%',
    itemStyle: surface(at, meaning),
    emphasis: { disabled: true },
    ...more,
  });

  window.hindsightChartParts = {
    LOOKS,
    SMALL,
    WIDE,
    along,
    bar,
    beside,
    data,
    fit,
    inks,
    inside,
    leads,
    line,
    measureIn,
    ordered,
    rows,
    surface,
    upward,
    widest,
  };
})();
