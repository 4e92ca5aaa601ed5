// On the app's page: notices that the session has ended, and says so before it does. Asking is not doing:
// only what a person does in the app keeps a session open, and what they type or point at counts before the
// app hears of it: a field is told to it when it is left. And Streamlit opens every link in a tab of its own:
// a file needs none, nor do the pages on which somebody proves anew who they are or breaks the glass, which
// lead back here. A tap on a heading sorts a table, and the focus that the table gets by it is kept from Streamlit,
// which would take it for a click on the first cell, and a patient would open whom nobody chose. A session that
// goes by a new token is asked for twice: a question may be on its way with the old. And when the server or its
// record is away it says so, and when both are back, in the place of Streamlit's "Connection error". A page that
// finds another version of Streamlit when it comes back is loaded anew by it: it then says which page it was, as one
// that was not does, so that what was typed there is given back, or said to be gone.
(() => {
  document.addEventListener("click", click => {
    click.target.closest?.('a[href^="/seventy/"], a[href^="/account/"]')?.removeAttribute("target");
  }, true);
  const HEADING = 42;  // pixels, as high as a row
  let headed = 0;
  document.addEventListener("pointerdown", pressed => {
    const table = pressed.target.closest?.('[data-testid="stDataFrame"]');
    if (table && pressed.clientY < table.getBoundingClientRect().top + HEADING) headed = Date.now();
  }, true);
  document.addEventListener("focusin", focused => {
    const table = focused.target.closest?.('[data-testid="stDataFrame"]');
    if (table && Date.now() - headed < 500) focused.stopImmediatePropagation();
  }, true);
  const WARN = 120, EVERY = 10000, DOING_EVERY = 3000, AWAY_EVERY = 2000, PATIENCE = 8000;
  const KEEP = " Nothing can be saved until it does, and this page then goes on by itself: keep it open.";
  const NO_RECORD = "Seventy cannot reach its record." + KEEP + " What stands here is kept.";
  const NO_ANSWER = "Seventy does not answer." + KEEP + " If it has to be started anew, what stands here unsaved is lost with that: note it down.";
  let banner = null, next = null, apart = false, leaving = false;
  const leave = () => location.replace("/login?expired=1");
  const ask = (path, method) => fetch(path, { method, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  const twice = async (path, method) => {
    const answer = await ask(path, method);
    if (answer.status !== 401) return answer;
    await new Promise(after => setTimeout(after, 500));
    return ask(path, method);
  };
  const show = words => {
    if (!words) { banner?.remove(); banner = null; return; }
    if (!banner) {
      banner = document.createElement("div");
      banner.setAttribute("role", "alert");
      banner.style.cssText = "position:fixed;z-index:1000000;left:1rem;right:1rem;bottom:1rem;width:fit-content;max-width:44rem;margin:0 auto;padding:.75rem 1.25rem;border:1px solid #8592a1;border-radius:.5rem;background:#0f1822;color:#fff;font:1rem/1.4 'Source Sans',sans-serif";
      document.body.append(banner);
    }
    if (banner.textContent !== words) banner.textContent = words;
  };
  // in steps, for each change of the words is read aloud to whoever hears them
  const soon = left => left > 60 ? "less than two minutes" : left > 20 ? "less than a minute" : "less than 20 seconds";
  const say = left => show(left > WARN ? "" : "Nothing was done for a while: you will be signed out in " + soon(left) + ". Anything you do here keeps you signed in.");
  const asked = async (path, method) => {
    try {
      const answer = await twice(path, method);
      if (answer.status === 401) return leave();
      if (!answer.ok) return show(answer.status === 503 ? NO_RECORD : NO_ANSWER);
      const left = (await answer.json()).left;
      say(left);
      return left;
    } catch { if (!leaving) show(NO_ANSWER); }
  };
  const look = async () => {
    clearTimeout(next);
    next = setTimeout(look, PATIENCE + EVERY);
    const left = await asked("/signin/alive", "GET");
    clearTimeout(next);
    next = setTimeout(look, left === undefined || apart ? AWAY_EVERY : left < WARN + 30 ? 1000 * Math.max(1, Math.min(5, left)) : EVERY);
  };
  let done = -DOING_EVERY;
  const doing = async event => {
    if (!event.isTrusted || event.timeStamp - done < DOING_EVERY) return;
    done = event.timeStamp;
    if (await asked("/signin/doing", "POST") === undefined) look();
  };
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, doing, { capture: true, passive: true });
  const Socket = window.WebSocket, BEFORE = "seventy page before", STANDS = 10000;
  let before = performance.getEntriesByType("navigation")[0]?.type === "reload" && sessionStorage.getItem(BEFORE);
  sessionStorage.removeItem(BEFORE);
  window.WebSocket = class extends Socket {
    constructor(address, told) {
      if (before && told?.length === 2) told = [...told, before];
      before = null;
      super(address, told);
      this.addEventListener("open", () => {
        apart = false;
        if (!told?.[2]) return;
        sessionStorage.setItem(BEFORE, told[2]);
        setTimeout(() => sessionStorage.removeItem(BEFORE), STANDS);
      });
      this.addEventListener("close", () => { apart = true; look(); });
    }
  };
  addEventListener("pagehide", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; });
  next = setTimeout(look, EVERY);
})();
