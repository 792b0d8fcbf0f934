// A page that watches a worker asks only while somebody looks at it.
(() => {
  const live = () => document.getElementById('import-live');
  document.addEventListener('htmx:before:request', event => {
    if (event.detail.ctx.sourceElement === live() && document.hidden) event.preventDefault();
  });
  document.addEventListener('visibilitychange', () => !document.hidden && live() && htmx.trigger(live(), 'import:look'));
})();
