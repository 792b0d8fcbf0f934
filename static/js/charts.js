// Draws the charts of the reports: each <figure class="chart" data-chart="…">. The table under a figure has the same
// numbers and the links, so a drawing is silent and takes no focus. Drawn anew for every width, for the dark, for paper.
(() => {
  const PAPER = 700; // px of a sheet, A4 or Letter
  const drawn = new Map();
  const figures = () => document.querySelectorAll('figure.chart');
  let paper = false;

  // ---- what a bar or point says: nodes of our own, so that names stay words and no style is written into them
  const element = (tag, props, ...inside) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...inside);
    return made;
  };
  const row = (meaning, name, text) =>
    element(
      'p',
      {},
      ...(meaning ? [element('i', { className: `chart-key chart-is-${meaning}` })] : []),
      element('span', { dir: 'auto' }, name),
      ...(text ? [element('b', { dir: 'auto' }, text)] : []),
    );
  const tip = (title, ...rows) =>
    element('div', { className: 'chart-tip' }, ...(title ? [element('strong', { dir: 'auto' }, title)] : []), ...rows);
  const told = part => part?.more ?? part?.label ?? '';
  function several(chart, points) {
    const [first] = points;
    const shown = points.filter(point => point.data?.own);
    if (chart.rows) return tip(chart.rows[first.dataIndex].name, element('p', {}, told(chart.rows[first.dataIndex])));
    const parts = chart.series ?? chart.curves;
    const meaning = name => parts.length > 1 && parts.find(part => part.name === name)?.meaning;
    const rows = shown.map(point =>
      parts.length > 1 ? row(meaning(point.seriesName), point.seriesName, told(point.data.own)) : row('', told(point.data.own)),
    );
    return tip(chart.names?.[first.dataIndex], ...rows);
  }
  function one(chart, { data: { own } }) {
    const name = key => chart.nodes.find(node => node.key === key).name;
    return own.from
      ? tip(`${name(own.from)} → ${name(own.to)}`, row('', told(own)))
      : tip(own.name, ...(told(own) ? [row('', told(own))] : []));
  }
  function tooltip(chart, figure) {
    const colour = name => {
      figure.style.setProperty('outline-color', `var(--${name})`);
      const read = getComputedStyle(figure).outlineColor;
      figure.style.removeProperty('outline-color');
      return read;
    };
    const alone = chart.kind === 'flow';
    const pointer = {
      type: ['lines', 'areas', 'curves'].includes(chart.kind) ? 'line' : 'shadow',
      animation: false,
      z: 1,
      lineStyle: { color: colour('line-strong'), type: 'solid' },
      shadowStyle: { color: colour('hover'), opacity: 0.6 },
    };
    return {
      trigger: alone ? 'item' : 'axis',
      axisPointer: pointer,
      confine: true,
      transitionDuration: 0,
      hideDelay: 50,
      padding: [8, 12],
      backgroundColor: colour('raised'),
      borderColor: colour('line-2'),
      borderWidth: 1,
      textStyle: { color: colour('ink'), fontSize: 13 },
      extraCssText: 'max-width: min(340px, 90%); white-space: normal; box-shadow: var(--shadow-2)',
      formatter: points => (alone ? one(chart, points) : several(chart, [points].flat())),
    };
  }

  // ---- a click leads to the facts; a finger sees first what it would open, and opens it with a second tap
  function follow(figure, { data, event }) {
    const url = data?.own?.url;
    if (!url) return;
    const { ctrlKey, metaKey, pointerType, zrByTouch } = event.event;
    const byFinger = zrByTouch || pointerType === 'touch';
    if (byFinger && figure.dataset.tapped !== url) figure.dataset.tapped = url;
    else if (ctrlKey || metaKey) window.open(url, '_blank', 'noopener');
    else location.assign(url);
  }

  function draw(figure) {
    const place = figure.querySelector('.chart-drawing');
    const width = paper ? PAPER : place.clientWidth;
    const height = place.clientHeight;
    if (!width || !height) return;
    const before = drawn.get(figure);
    before?.made.dispose();
    const chart = JSON.parse(figure.dataset.chart);
    const made = echarts.init(place, null, { renderer: 'svg', width, height });
    made.setOption({ tooltip: paper ? { show: false } : tooltip(chart, figure), ...window.hindsightChart(chart, figure, width, height) });
    made.on('click', point => follow(figure, point));
    made.getZr().flush();
    const svg = place.querySelector('svg');
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('focusable', 'false');
    place.firstElementChild.setAttribute('aria-hidden', 'true');
    drawn.set(figure, { made, width, height });
    watch.observe(place);
  }
  const watch = new ResizeObserver(entries => {
    for (const { target } of entries) {
      const figure = target.closest('figure');
      if (!paper && drawn.get(figure)?.width !== target.clientWidth) draw(figure);
    }
  });
  function drawAll() {
    for (const [figure, { made }] of drawn) {
      if (figure.isConnected) continue;
      made.dispose();
      drawn.delete(figure);
    }
    if (window.echarts && window.hindsightChart) return figures().forEach(draw);
    for (const figure of figures()) figure.hidden = true;
  }
  function toPaper(on) {
    if (paper === on) return;
    paper = on;
    for (const figure of figures()) figure.classList.toggle('is-paper', on);
    drawAll();
  }

  drawAll();
  for (const figure of figures()) watch.observe(figure.querySelector('.chart-drawing'));
  document.addEventListener('htmx:after:swap', drawAll);
  for (const words of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)']) matchMedia(words).addEventListener('change', drawAll);
  matchMedia('print').addEventListener('change', event => toPaper(event.matches));
  window.addEventListener('beforeprint', () => toPaper(true));
  window.addEventListener('afterprint', () => toPaper(false));
})();
