// On our own pages: a form is sent once, however often its button is clicked. A proof gives the browser another
// cookie, and a second sending of it would still carry the old one. Who comes back to the page may send it again.
(() => {
  document.addEventListener("submit", sending => {
    const form = sending.target;
    if (form.dataset.sent) sending.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
