// What each kind of chart looks like: our JSON (leads/reports/chart/ documents it) → the options of ECharts.
(() => {
  const {
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
  } = window.hindsightChartParts;

  function bars(chart, at, lying) {
    const { names, series, axis, stacked, totals = [] } = chart;
    const alone = !stacked;
    const thick = lying ? 22 : 44;
    const ends = stacked ? totals : series.flatMap(s => s.values.map(v => v.label));
    const frame = lying ? rows(names, ends, chart, at) : columns(chart, at);
    const end = axis.ticks.at(-1)[0];
    const each = frame.plot / names.length / (stacked ? 1.4 : series.length * 1.4);
    const drawn = series.map(s =>
      bar(at, s.meaning, {
        name: s.name,
        stack: stacked ? 'all' : undefined,
        cursor: leads(s.values),
        barMaxWidth: thick,
        label: beside(at, alone && (lying ? frame.labelled : widest(ends) <= each), p => p.data.own.label ?? '', lying ? 'right' : 'top'),
        data: s.values.map(v => ({
          ...data(v),
          ...(stacked && {
            label: inside(at, s.meaning, v.label, lying ? (v.size / end) * frame.plot : (v.size / end) * at.height > 24 ? each : 0),
          }),
        })),
      }),
    );
    const shown = lying ? frame.labelled : widest(totals) <= each * 1.3;
    if (stacked && totals.length)
      drawn.push(
        bar(at, 'accent', {
          stack: 'all',
          silent: true,
          barMaxWidth: thick,
          itemStyle: { borderWidth: 0 },
          label: beside(at, shown, p => totals[p.dataIndex], lying ? 'right' : 'top'),
          data: names.map(() => 0),
        }),
      );
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
      plot,
      grid: { left, right, top: 30, bottom: every === 1 && widest(names) > each - 4 ? 38 : 24, outerBoundsMode: 'none' },
      yAxis: upward(axis, at),
      xAxis: ordered(names, at, {
        boundaryGap: edge,
        axisLabel: { lineHeight: 14, interval: n => n % every === 0, formatter: name => fit(name, every > 1 ? 84 : each - 4) },
      }),
    };
  }
  // These are for surfaces; words of that colour would be hard to read.
  const PALE = ['muted', 'plain'];
  const thin = meaning => (meaning === 'muted' ? 'line-strong' : meaning);
  // Names at the ends of lines, pushed apart where lines end close to each other. In: [{name, meaning, size}] of their
  // last points, the height of the plot and the end of the axis. Out: the room they take, and each line's `endLabel`.
  function ends(lasts, plot, end, at) {
    const room = Math.min(widest(lasts.map(l => l.name)), 170);
    const places = lasts.map(last => ({ ...last, line: (1 - last.size / end) * plot })).sort((a, b) => a.line - b.line);
    let next = -Infinity;
    for (const place of places) next = (place.y = Math.max(place.line, next)) + 15;
    next = plot;
    for (const place of places.reverse()) next = (place.y = Math.min(place.y, next)) - 15;
    const shift = Object.fromEntries(places.map(place => [place.meaning, place.y - place.line]));
    const label = (name, meaning) => ({
      show: true,
      formatter: () => fit(name, room, 1),
      color: at.ink[PALE.includes(meaning) ? 'ink-2' : meaning],
      fontSize: SMALL,
      distance: 8,
      offset: [0, shift[meaning]],
    });
    return { room: room + 18, label };
  }
  function lines(chart, at, filled) {
    const lasts = chart.series.map(s => ({ ...s, size: s.values.findLast(v => v.size != null)?.size ?? 0 }));
    const named = !filled && at.width >= WIDE && lasts.length > 1 && ends(lasts, at.height - 54, chart.axis.ticks.at(-1)[0], at);
    const few = chart.names.length <= 26;
    const series = chart.series.map(s => ({
      type: 'line',
      name: s.name,
      data: s.values.map(data),
      stack: filled ? 'all' : undefined,
      color: at.ink[filled ? s.meaning : thin(s.meaning)],
      cursor: leads(s.values),
      symbol: LOOKS[s.meaning].symbol,
      symbolSize: 7,
      showSymbol: few && !filled,
      showAllSymbol: true,
      emphasis: { disabled: true },
      lineStyle: {
        width: filled ? 1 : 2,
        type: filled ? 'solid' : (LOOKS[s.meaning].dash ?? 'solid'),
        color: at.ink[filled ? 'card' : thin(s.meaning)],
      },
      areaStyle: filled ? { opacity: 0.85, color: at.ink[s.meaning] } : undefined,
      itemStyle: filled ? surface(at, s.meaning) : { color: at.ink[thin(s.meaning)] },
      endLabel: named ? named.label(s.name, s.meaning) : undefined,
    }));
    series[0].markLine = line(chart.mark, at, 'yAxis');
    return { ...columns(chart, at, named ? named.room : Math.max(14, widest(chart.names.slice(-1)) / 2), false), series };
  }
  const told = chart => [chart.rows.map(row => row.name), chart.rows.map(row => row.label)];
  function ranges(chart, at) {
    const end = chart.axis.ticks.at(-1)[0];
    const frame = rows(...told(chart), chart, at);
    const part = (row, n) => {
      const from = n ? (row.ends[n - 1] ?? end) : 0;
      return {
        value: (row.ends[n] ?? end) - from,
        own: row,
        itemStyle:
          row.ends[n] == null
            ? { color: 'transparent', borderWidth: 0, decal: { ...LOOKS.lost.decal, color: at.ink['line-strong'] } }
            : undefined,
      };
    };
    const series = ['half', 'three-quarters', 'nine-tenths'].map((meaning, n) =>
      bar(at, meaning, {
        stack: 'all',
        cursor: leads(chart.rows),
        barMaxWidth: 16,
        data: chart.rows.map(row => part(row, n)),
        label: beside(at, n === 2 && frame.labelled, p => p.data.own.label ?? ''),
      }),
    );
    series[0].markLine = line(chart.mark, at, 'xAxis');
    return { ...frame, series };
  }
  function funnel(chart, at) {
    const frame = rows(...told(chart), chart, at);
    const scale = frame.plot / frame.xAxis.max;
    const part = { stack: 'all', barMaxWidth: 28, barCategoryGap: '24%' };
    return {
      ...frame,
      series: [
        bar(at, 'accent', { ...part, cursor: leads(chart.rows), data: chart.rows.map(data) }),
        bar(at, 'lost', {
          ...part,
          label: beside(at, frame.labelled, p => p.data.own.label ?? ''),
          data: chart.rows.map(row => ({ ...data({ ...row, size: row.lost ?? 0 }), own: row })),
        }),
        // The number of those lost lies over their part: a label at the end of the first bar, outwards.
        bar(at, 'accent', {
          barGap: '-100%',
          barMaxWidth: 28,
          silent: true,
          itemStyle: { color: 'transparent' },
          data: chart.rows.map(row => ({
            value: row.size,
            label: { ...inside(at, 'lost', row.lost_label, (row.lost ?? 0) * scale), position: 'right', distance: 6 },
          })),
        }),
      ],
    };
  }
  function flow(chart, at) {
    const last = Math.max(...chart.nodes.map(n => n.column));
    const right = Math.min(widest(chart.nodes.filter(n => n.column === last).map(n => n.name)) + 10, at.width * 0.25);
    const room = column => (column === last ? right - 8 : (at.width - right) / last - 15);
    return {
      series: [
        {
          type: 'sankey',
          left: 2,
          right,
          top: 8,
          bottom: 8,
          nodeWidth: 10,
          nodeGap: 14,
          draggable: false,
          emphasis: { disabled: true },
          cursor: leads(chart.links),
          lineStyle: { opacity: 0.28, curveness: 0.5 },
          data: chart.nodes.map(node => ({
            name: node.key,
            depth: node.column,
            own: node,
            itemStyle: { ...surface(at, node.meaning), borderWidth: 0 },
            label: {
              position: 'right',
              distance: 5,
              color: at.ink.ink,
              fontSize: SMALL,
              lineHeight: 14,
              formatter: () => fit(node.name, room(node.column)),
              textBorderColor: at.ink.card,
              textBorderWidth: 3,
            },
          })),
          links: chart.links.map(link => ({
            source: link.from,
            target: link.to,
            value: link.size,
            own: link,
            lineStyle: { color: at.ink[link.meaning] },
          })),
        },
      ],
    };
  }
  function curves(chart, at) {
    const left = widest(chart.axis.ticks.map(t => t[1])) + 10;
    const lasts = chart.curves.map(c => ({ ...c, size: c.points.at(-1)[1] }));
    const named = at.width >= WIDE && lasts.length > 1 && ends(lasts, at.height - 72, chart.axis.ticks.at(-1)[0], at);
    const quiet = { type: 'line', silent: true, tooltip: { show: false }, emphasis: { disabled: true } };
    const series = chart.curves.flatMap(curve => {
      const look = { color: at.ink[thin(curve.meaning)], emphasis: { disabled: true } };
      const dash = LOOKS[curve.meaning].dash ?? 'solid';
      return [
        {
          type: 'line',
          step: 'end',
          name: curve.name,
          ...look,
          showSymbol: curve.points.length === 1,
          symbol: LOOKS[curve.meaning].symbol,
          symbolSize: 7,
          lineStyle: { width: 2, type: dash },
          endLabel: named ? named.label(curve.name, curve.meaning) : undefined,
          data: curve.points.map(([x, y, more]) => ({ value: [x, y], own: { more } })),
        },
        {
          ...quiet,
          ...look,
          lineStyle: { opacity: 0 },
          symbol: 'rect',
          symbolSize: [1.5, 9],
          showSymbol: true,
          showAllSymbol: true,
          data: curve.open ?? [],
        },
      ];
    });
    series[0].markLine = line(chart.mark, at, 'yAxis');
    return {
      grid: { left, right: named ? named.room : 16, top: 30, bottom: 42, outerBoundsMode: 'none' },
      xAxis: { ...along(chart.across, at, at.width - left - 16), splitLine: { show: false } },
      yAxis: upward(chart.axis, at),
      series,
    };
  }
  const KINDS = {
    bars: (chart, at) => bars(chart, at, true),
    columns: (chart, at) => bars(chart, at, false),
    lines,
    areas: (chart, at) => lines(chart, at, true),
    ranges,
    funnel,
    flow,
    curves,
  };
  // In: a figure's JSON, the figure for its colours and letters, the size in px. Out: the options of ECharts.
  window.hindsightChart = (chart, figure, width, height) => {
    const { fontFamily } = getComputedStyle(figure);
    measureIn(fontFamily);
    return { animation: false, textStyle: { fontFamily }, ...KINDS[chart.kind](chart, { ink: inks(figure), width, height }) };
  };
})();
