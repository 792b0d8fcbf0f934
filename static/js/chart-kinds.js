// What each kind of chart looks like: our JSON (leads/reports/chart/ documents it) → what ECharts draws; charts.js draws.
(() => {
  const WIDE = 560;    // px from which on a line carries its name at its end (charts.css hides the legend there)
  const SMALL = 12;
  const stripes = (turn, gap, thick) => ({ symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [thick, gap], rotation: turn });
  // The second sign beside the colour: a pattern on surfaces, a symbol and a dash on lines (charts.css: legend).
  const LOOKS = {
    accent: { symbol: 'circle' },
    fresh: { symbol: 'circle' },
    good: { symbol: 'rect', dash: [10, 3], decal: stripes(0, 4, 1) },
    again: { symbol: 'diamond', dash: [2, 3], decal: { symbol: 'circle', dashArrayX: [[5, 5], [0, 5, 5, 0]], dashArrayY: [5, 0], symbolSize: 0.5 } },
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
    const of = meaning => { probe.className = `chart-is-${meaning}`; probe.style.color = ''; return read(); };
    const token = name => { probe.style.color = `var(--${name})`; return read(); };
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
    color: at.ink[meaning], borderColor: at.ink[EDGES[meaning] ?? 'card'], borderWidth: EDGES[meaning] ? 0.75 : 1,
    decal: LOOKS[meaning]?.decal && { ...LOOKS[meaning].decal, color: at.ink[meaning === 'lost' ? 'line-2' : 'stripe'] },
  });
  function sizes(axis, at, more) {
    const end = axis.ticks.at(-1)[0];
    const step = axis.ticks[1][0];
    return {
      type: 'value', min: 0, max: end, interval: step, name: axis.name, nameTextStyle: words(at),
      axisLabel: words(at, { formatter: v => axis.ticks[Math.round(v / step)]?.[1] ?? '' }),
      splitLine: { lineStyle: { color: at.ink.line } }, axisLine: { show: false }, axisTick: { show: false }, ...more,
    };
  }
  const upward = (axis, at) => sizes(axis, at, { nameLocation: 'end', nameGap: 12, nameTextStyle: words(at, { align: 'left', padding: [0, 0, 0, -widest(axis.ticks.map(t => t[1])) - 8] }) });
  // Along the bottom every second or third tick is named where there is no room for all.
  function along(axis, at, plot) {
    const every = Math.ceil((widest(axis.ticks.map(t => t[1])) + 10) / (plot / (axis.ticks.length - 1)));
    const thinned = axis.ticks.map(([place, text], n) => [place, n % every ? '' : text]);
    return sizes({ ...axis, ticks: thinned }, at, { nameLocation: 'middle', nameGap: 24 });
  }
  const ordered = (names, at, more) => ({
    type: 'category', data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: at.ink['line-2'] } }, ...more,
    axisLabel: words(at, { ...more?.axisLabel }),
  });
  const line = (mark, at, way) => mark && {
    silent: true, symbol: 'none', data: [{ [way]: mark[0] }], lineStyle: { color: at.ink['line-strong'], type: [4, 3], width: 1.25 },
    label: words(at, { formatter: () => mark[1], position: way === 'yAxis' ? 'insideEndTop' : 'start', textBorderColor: at.ink.card, textBorderWidth: 3 }),
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
      plot, labelled: room && room <= at.width * 0.36,
      grid: { left: left + 10, right, top: chart.mark ? 20 : 4, bottom: chart.axis ? (named ? 40 : 22) : 4, outerBoundsMode: 'none' },
      yAxis: ordered(names, at, { inverse: true, axisLabel: { color: at.ink.ink, interval: 0, lineHeight: 14, formatter: name => fit(name, left) } }),
      xAxis: chart.axis ? along(chart.axis, at, plot) : { type: 'value', show: false, min: 0, max: Math.max(1, ...chart.rows.map(r => r.size + (r.lost ?? 0))) },
    };
  }
  const beside = (at, show, text, place = 'right') => ({ show: Boolean(show), position: place, distance: 6, color: at.ink.ink, fontSize: SMALL, formatter: text });
  // A number inside its part of a bar, where there is room for it.
  const inside = (at, meaning, text, room) => (text && wide(text) + 8 <= room
    ? { show: true, position: 'inside', fontSize: SMALL, formatter: () => text, color: at.ink[meaning === 'muted' ? 'ink' : meaning === 'lost' ? 'ink-2' : 'card'], textBorderColor: at.ink[meaning], textBorderWidth: 3 } : { show: false });
  const bar = (at, meaning, more) => ({ type: 'bar', barMaxWidth: 22, barCategoryGap: '36%', itemStyle: surface(at, meaning), emphasis: { disabled: true }, ...more });

  function bars(chart, at, lying) {
    const { names, series, axis, stacked, totals = [] } = chart;
    const alone = !stacked;
    const thick = lying ? 22 : 44;
    const ends = stacked ? totals : series.flatMap(s => s.values.map(v => v.label));
    const frame = lying ? rows(names, ends, chart, at) : columns(chart, at);
    const end = axis.ticks.at(-1)[0];
    const each = frame.plot / names.length / (stacked ? 1.4 : series.length * 1.4);
    const drawn = series.map(s => bar(at, s.meaning, {
      name: s.name, stack: stacked ? 'all' : undefined, cursor: leads(s.values), barMaxWidth: thick,
      label: beside(at, alone && (lying ? frame.labelled : widest(ends) <= each), p => p.data.own.label ?? '', lying ? 'right' : 'top'),
      data: s.values.map(v => ({ ...data(v), ...(stacked && { label: inside(at, s.meaning, v.label, lying ? (v.size / end) * frame.plot : v.size / end * at.height > 24 ? each : 0) }) })),
    }));
    const shown = lying ? frame.labelled : widest(totals) <= each * 1.3;
    if (stacked && totals.length) drawn.push(bar(at, 'accent', { stack: 'all', silent: true, barMaxWidth: thick, itemStyle: { borderWidth: 0 }, label: beside(at, shown, p => totals[p.dataIndex], lying ? 'right' : 'top'), data: names.map(() => 0) }));
    drawn[0].markLine = line(chart.mark, at, lying ? 'xAxis' : 'yAxis');
    return { ...frame, series: drawn };
  }
  // Upright: sizes at the left, names along the bottom, as many as there is room for.
  function columns({ names, axis }, at, right = 12, edge = true) {
    const left = Math.max(widest(axis.ticks.map(t => t[1])) + 10, edge ? 0 : widest(names.slice(0, 1)) / 2 + 2);
    const plot = at.width - left - right;
    const each = plot / Math.max(1, names.length - (edge ? 0 : 1));
    const wraps = widest(names.flatMap(name => name.split(/\s+/))) + 6 <= each;
    const every = wraps && names.length <= 12 ? 1 : Math.max(1, Math.ceil(Math.min(widest(names) + 10, 84) / each));
    return {
      plot, grid: { left, right, top: 30, bottom: every === 1 && widest(names) > each - 4 ? 38 : 24, outerBoundsMode: 'none' }, yAxis: upward(axis, at),
      xAxis: ordered(names, at, { boundaryGap: edge, axisLabel: { lineHeight: 14, interval: (n) => n % every === 0, formatter: name => fit(name, every > 1 ? 84 : each - 4) } }),
    };
  }
  // Names at the ends of lines, pushed apart where lines end close to each other. In: [{name, size}] of the lines' last
  // points, the height of the plot and the end of the axis. Out: the room they take, and each line's `endLabel`.
  function ends(lasts, plot, end, at) {
    const room = Math.min(widest(lasts.map(l => l.name)), 170);
    const shift = new Map();
    let floor = -Infinity;
    for (const last of [...lasts].sort((a, b) => b.size - a.size)) {
      const y = (1 - last.size / end) * plot;
      floor = Math.max(y, floor + 15);
      shift.set(last.name, floor - y);
    }
    const label = (name, meaning) => ({ show: true, formatter: () => fit(name, room, 1), color: at.ink[meaning === 'muted' ? 'ink-2' : meaning], fontSize: SMALL, distance: 8, offset: [0, shift.get(name)] });
    return { room: room + 18, label };
  }
  function lines(chart, at, filled) {
    const lasts = chart.series.map(s => ({ name: s.name, size: s.values.at(-1)?.size ?? s.values.findLast(v => v.size != null)?.size ?? 0 }));
    const named = !filled && at.width >= WIDE && lasts.length > 1 && ends(lasts, at.height - 54, chart.axis.ticks.at(-1)[0], at);
    const few = chart.names.length <= 26;
    const series = chart.series.map(s => ({
      type: 'line', name: s.name, data: s.values.map(data), stack: filled ? 'all' : undefined, color: at.ink[s.meaning], cursor: leads(s.values),
      symbol: LOOKS[s.meaning].symbol, symbolSize: 7, showSymbol: few && !filled, showAllSymbol: true, emphasis: { disabled: true },
      lineStyle: { width: filled ? 1 : 2, type: filled ? 'solid' : LOOKS[s.meaning].dash ?? 'solid', color: at.ink[filled ? 'card' : s.meaning] },
      areaStyle: filled ? { opacity: 0.85, color: at.ink[s.meaning] } : undefined, itemStyle: filled ? surface(at, s.meaning) : { color: at.ink[s.meaning] },
      endLabel: named ? named.label(s.name, s.meaning) : undefined,
    }));
    series[0].markLine = line(chart.mark, at, 'yAxis');
    return { ...columns(chart, at, named ? named.room : Math.max(14, widest(chart.names.slice(-1)) / 2), false), series };
  }
  function ranges(chart, at) {
    const end = chart.axis.ticks.at(-1)[0];
    const frame = rows(chart.rows.map(r => r.name), chart.rows.map(r => r.label), chart, at);
    const part = (row, n) => {
      const from = n ? row.ends[n - 1] ?? end : 0;
      return { value: (row.ends[n] ?? end) - from, own: row, itemStyle: row.ends[n] == null ? { color: 'transparent', borderWidth: 0, decal: { ...LOOKS.lost.decal, color: at.ink['line-strong'] } } : undefined };
    };
    const series = ['half', 'three-quarters', 'nine-tenths'].map((meaning, n) => bar(at, meaning, {
      stack: 'all', cursor: leads(chart.rows), barMaxWidth: 16, data: chart.rows.map(row => part(row, n)), label: beside(at, n === 2 && frame.labelled, p => p.data.own.label ?? ''),
    }));
    series[0].markLine = line(chart.mark, at, 'xAxis');
    return { ...frame, series };
  }
  function funnel(chart, at) {
    const frame = rows(chart.rows.map(r => r.name), chart.rows.map(r => r.label), chart, at);
    const scale = frame.plot / frame.xAxis.max;
    const part = { stack: 'all', barMaxWidth: 28, barCategoryGap: '24%' };
    return { ...frame, series: [
      bar(at, 'accent', { ...part, cursor: leads(chart.rows), data: chart.rows.map(data) }),
      bar(at, 'lost', { ...part, label: beside(at, frame.labelled, p => p.data.own.label ?? ''), data: chart.rows.map(row => ({ value: row.lost ?? 0, own: row })) }),
      // The number of those lost lies over their part: a label at the end of the first bar, outwards.
      bar(at, 'accent', { barGap: '-100%', barMaxWidth: 28, silent: true, itemStyle: { color: 'transparent' }, data: chart.rows.map(row => ({
        value: row.size, label: { ...inside(at, 'lost', row.lost_label, (row.lost ?? 0) * scale), position: 'right', distance: 6 },
      })) }),
    ] };
  }
  function flow(chart, at) {
    const last = Math.max(...chart.nodes.map(n => n.column));
    const right = Math.min(widest(chart.nodes.filter(n => n.column === last).map(n => n.name)) + 10, at.width * 0.25);
    const room = column => (column === last ? right - 8 : (at.width - right) / last - 15);
    return { series: [{
      type: 'sankey', left: 2, right, top: 8, bottom: 8, nodeWidth: 10, nodeGap: 14, draggable: false, emphasis: { disabled: true }, cursor: leads(chart.links),
      lineStyle: { opacity: 0.28, curveness: 0.5 },
      data: chart.nodes.map(node => ({ name: node.key, depth: node.column, own: node, itemStyle: { ...surface(at, node.meaning), borderWidth: 0 },
        label: { position: 'right', distance: 5, color: at.ink.ink, fontSize: SMALL, lineHeight: 14, formatter: () => fit(node.name, room(node.column)), textBorderColor: at.ink.card, textBorderWidth: 3 } })),
      links: chart.links.map(link => ({ source: link.from, target: link.to, value: link.size, own: link, lineStyle: { color: at.ink[link.meaning] } })),
    }] };
  }
  function curves(chart, at) {
    const left = widest(chart.axis.ticks.map(t => t[1])) + 10;
    const lasts = chart.curves.map(c => ({ name: c.name, size: c.points.at(-1)[1] }));
    const named = at.width >= WIDE && lasts.length > 1 && ends(lasts, at.height - 72, chart.axis.ticks.at(-1)[0], at);
    const quiet = { type: 'line', silent: true, tooltip: { show: false }, emphasis: { disabled: true } };
    const series = chart.curves.flatMap(curve => {
      const look = { color: at.ink[curve.meaning], emphasis: { disabled: true } };
      const dash = LOOKS[curve.meaning].dash ?? 'solid';
      return [
        { type: 'line', step: 'end', name: curve.name, ...look, showSymbol: false, symbol: LOOKS[curve.meaning].symbol, symbolSize: 7, lineStyle: { width: 2, type: dash }, endLabel: named ? named.label(curve.name, curve.meaning) : undefined,
          data: curve.points.map(([x, y, more]) => ({ value: [x, y], own: { more } })) },
        { ...quiet, ...look, lineStyle: { opacity: 0 }, symbol: 'rect', symbolSize: [1.5, 9], showSymbol: true, showAllSymbol: true, data: curve.open ?? [] },
      ];
    });
    series[0].markLine = line(chart.mark, at, 'yAxis');
    return { grid: { left, right: named ? named.room : 16, top: 30, bottom: 42, outerBoundsMode: 'none' }, xAxis: { ...along(chart.across, at, at.width - left - 16), splitLine: { show: false } }, yAxis: upward(chart.axis, at), series };
  }
  const KINDS = {
    bars: (chart, at) => bars(chart, at, true), columns: (chart, at) => bars(chart, at, false), lines, areas: (chart, at) => lines(chart, at, true), ranges, funnel, flow, curves,
  };
  // In: a figure's JSON, the figure for its colours and letters, the size in px. Out: the options of ECharts.
  window.hindsightChart = (chart, figure, width, height) => {
    const { fontFamily } = getComputedStyle(figure);
    pen.font = `${SMALL}px ${fontFamily}`;
    return { animation: false, textStyle: { fontFamily }, ...KINDS[chart.kind](chart, { ink: inks(figure), width, height }) };
  };
})();
