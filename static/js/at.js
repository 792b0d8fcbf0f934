// "State at…" answered inside the lead's page: the focus goes to the answer, to what was wrong with the question, or to
// the first of the two hours that it may mean.
document.addEventListener('htmx:after:swap', event => {
  const asked = event.detail.ctx.sourceElement.closest?.('#at-form, #lead-at');
  if (!asked) return;
  const answer = document.querySelector('.at-choices a') ?? document.querySelector('#at-t_error') ?? document.querySelector('#state-at-title');
  if (!answer) return;
  answer.focus();
  answer.scrollIntoView({ block: 'nearest' });
});
