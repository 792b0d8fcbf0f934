// The row of reports scrolls by itself where it has no room: the one that is open is in sight.
(() => {
  const row = document.querySelector('.report-tabs');
  const open = row?.querySelector('[aria-current]');
  if (!open) return;
  row.scrollLeft += open.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - open.offsetWidth) / 2;
})();
