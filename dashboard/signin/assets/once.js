// On the pages of the way in: a form that is pressed twice is sent once. Sent again, the browser would drop the
// first answer, and with it the new cookie, for one that refuses the code as used. Come back to, it is sent anew.
(() => {
  const sent = new Set();
  document.addEventListener("submit", told => {
    if (sent.has(told.target)) told.preventDefault();
    sent.add(told.target);
  });
  addEventListener("pageshow", () => sent.clear());
})();
