// "State at…" answered inside the lead's page: the focus goes to the answer, or to what was wrong with the question.
document.addEventListener('htmx:after:swap', event => {
  const asked = event.detail.ctx.sourceElement.closest?.('#at-form, #lead-at');
  if (!asked) return;
  const answer = document.querySelector('#at-t_error') ?? document.querySelector('#state-at-title');
  if (!answer) return;
  answer.focus();
  answer.scrollIntoView({ block: 'nearest' });
});
