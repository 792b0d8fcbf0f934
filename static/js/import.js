// The import of leads: the name of the chosen file, a file that is dropped, marks that go once a choice is made.
// Every page works without it.
(() => {
  // ---- the file
  const drop = document.querySelector('.import-drop');
  if (drop) {
    const input = drop.querySelector('input');
    const name = drop.querySelector('.import-drop-name');
    drop.classList.add('is-live');
    drop.querySelector('.import-drop-or').hidden = false;
    const size = bytes => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
    const show = () => {
      const [file] = input.files;
      name.hidden = !file;
      name.textContent = file ? `${file.name} (${size(file.size)})` : '';
      // The server says it too, but only once all of it has travelled.
      const tooBig = file && file.size > Number(drop.dataset.most);
      input.setCustomValidity(tooBig ? drop.querySelector('[data-too-big]').textContent : '');
      drop.classList.toggle('is-invalid', Boolean(tooBig));
      drop.querySelector('[data-too-big]').hidden = !tooBig;
    };
    input.addEventListener('change', show);
    let inside = 0;
    const over = by => drop.classList.toggle('is-over', (inside = Math.max(inside + by, 0)) > 0);
    drop.addEventListener('dragenter', event => { event.preventDefault(); over(1); });
    drop.addEventListener('dragleave', () => over(-1));
    drop.addEventListener('dragover', event => event.preventDefault());
    drop.addEventListener('drop', event => {
      event.preventDefault();
      over(-inside);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      show();
    });
    drop.closest('form').addEventListener('submit', event => {
      if (!input.validity.customError) return;
      event.preventDefault();
      input.focus();
    });
    show();                                                           // the browser's Back keeps the file
  }

  // ---- how it is read: whoever goes on before the rows are shown again goes on with what was chosen
  for (const select of document.querySelectorAll('#import-encoding, #import-delimiter')) {
    select.addEventListener('change', () => {
      const kept = document.querySelector(`#file-shape [name=${select.name}]`);
      if (kept) kept.value = select.value;
    });
  }

  // ---- choices: a guess that somebody changed is none any more, and the tally keeps up
  const table = document.querySelector('.import-table');
  table?.addEventListener('change', event => {
    const select = event.target;
    const mark = select.parentElement.querySelector('.import-mark');
    if (mark) mark.hidden = select.value !== select.dataset.firstChoice;
    select.closest('tr').classList.toggle('is-left-out', !select.value && !select.required);
    const all = [...table.querySelectorAll('select')];
    const empty = all.filter(one => !one.value).length;
    const tally = { used: all.length - empty, leftOut: empty, open: empty };
    for (const out of document.querySelectorAll('.import-tally b')) out.textContent = tally[Object.keys(out.dataset)[0]];
  });
})();
