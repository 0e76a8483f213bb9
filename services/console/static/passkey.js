// Ask a device of the person's for its passkey, and send what it says with the form.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(form) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) for (const one of options[list] || []) one.id = bytes(one.id);
  return options;
}

function told(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (made.response[name]) response[name] = text(made.response[name]);
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
}

for (const [id, way] of [["passkey-new", "create"], ["passkey-enter", "get"]]) {
  const form = document.getElementById(id);
  if (!form || !window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const says = form.querySelector("[data-says]");
    says.textContent = "";
    try {
      form.elements.passkey.value = told(await navigator.credentials[way]({ publicKey: asked(form) }));
    } catch {
      says.textContent = says.dataset.says;
      return;
    }
    form.submit();
  });
}
