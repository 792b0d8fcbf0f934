// Hints: the server says "look now", and the board asks as it always does (board.js). While hints come, the board asks
// by itself only at every fourth tick; when the connection breaks, is refused or falls silent, at each of them again.
(() => {
  const url = document.getElementById('live')?.dataset.hints;
  if (!url || !window.EventSource) return;

  const GAP = 1000;           // ms between two looks, however often the server says so
  const LATER = 300;          // ms at most by which a look is put off, so that all boards do not ask in step
  const BY_ITSELF = 15000;    // ms after which the board looks without a hint
  const SILENT = 25000;       // ms; the server gives a sign every ten seconds
  const AGAIN = 300000;       // ms after a refusal until the next try

  let source = null;
  let heard = 0;              // when the server last said anything
  let looked = 0;             // when the board last asked
  let waiting = 0;            // a look that is about to come
  let retry = 0;
  let wanted = 0, asked = 0, done = 0;    // looks by number: the last that was asked for, that was sent, that was answered

  const now = () => performance.now();
  const works = () => source?.readyState === EventSource.OPEN && now() - heard < SILENT;
  const isPoll = detail => detail.ctx.sourceElement.id === 'live';

  function hint() {
    heard = now();
    waiting ||= setTimeout(() => {
      waiting = 0;
      htmx.trigger('#live', 'board:look');
    }, Math.max(looked + GAP - now(), 0) + Math.random() * LATER);
  }
  function connect() {
    clearTimeout(retry);
    if (document.hidden || source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(url);
    source.addEventListener('message', hint);
    source.addEventListener('here', () => { heard = now(); });
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, AGAIN * (1 + Math.random() / 4));
    });
  }
  function leave() {
    source?.close();
    source = null;
    clearTimeout(retry);
  }

  // A tick passes while hints work, unless somebody wants a look that was not answered yet.
  document.addEventListener('board:look', () => { wanted += 1; }, true);
  document.addEventListener('htmx:before:request', event => {
    if (!isPoll(event.detail) || event.defaultPrevented) return;
    if (works() && wanted === done && now() - looked < BY_ITSELF) return event.preventDefault();
    asked = wanted;
    looked = now();
  });
  document.addEventListener('htmx:finally:request', ({ detail }) => {
    if (isPoll(detail) && detail.ctx.response?.status) done = asked;
  });

  document.addEventListener('visibilitychange', () => document.hidden ? leave() : connect());
  window.addEventListener('pagehide', leave);
  window.addEventListener('pageshow', connect);
  connect();
})();
