// Passkeys: the browser is asked for one, and the form is sent with what it says. Without this script the buttons stay
// hidden, and the code from the phone does the same.
(() => {
  const forms = document.querySelectorAll('form[data-passkey]');
  if (!window.PublicKeyCredential || !window.webauthnJSON) return;

  const question = async form => {
    const address = form.dataset.askAt;
    if (!address) return JSON.parse(document.getElementById('passkey-question').textContent);
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  // Log in with it alone: then the device must keep it itself, and ask for a finger, a face or a PIN.
  const wanted = (options, alone) => {
    const choice = options.publicKey.authenticatorSelection;
    choice.residentKey = alone ? 'required' : 'discouraged';
    choice.requireResidentKey = alone;
    if (alone) choice.userVerification = 'required';
    return options;
  };

  const ask = async form => {
    const asked = await question(form);
    if (form.dataset.passkey !== 'add') return window.webauthnJSON.get(asked.request_options);
    return window.webauthnJSON.create(wanted(asked.creation_options, form.elements.passwordless.checked));
  };

  const refuse = (form, words) => {
    const said = form.querySelector('[data-refused]') ?? document.createElement('p');
    said.className = 'field-error';
    said.dataset.refused = '';
    said.setAttribute('role', 'alert');
    said.textContent = words;
    form.querySelector('button').before(said);
  };

  const because = error => {
    if (error.name === 'InvalidStateError') return gettext('This device has a passkey for you already.');
    if (error.name === 'NotAllowedError') return gettext('No passkey was given. Try again, or choose another way.');
    return gettext('That did not work here. Choose another way.');
  };

  for (const form of forms) {
    form.hidden = false;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const button = form.querySelector('button');
      button.disabled = true;
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch (error) {
        button.disabled = false;
        refuse(form, because(error));
      }
    });
  }
  for (const none of document.querySelectorAll('[data-passkey-none]')) none.hidden = true;
})();
