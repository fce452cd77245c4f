// A time in the chapters or in what is said takes the player there. Without this, its link opens
// the recording at the same second (Media Fragments, #t=95).
(() => {
  const player = document.querySelector("audio");
  document.addEventListener("click", (event) => {
    const time = event.target.closest("a[data-at]");
    if (!time || !player || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    player.currentTime = Number(time.dataset.at);
    player.play().catch(() => {});
  });
  // Whoever comes from a search finds the sentence, and the player waits there.
  const wait = () => {
    const there = /^#t-(\d+)$/.exec(location.hash);
    if (player && there) player.currentTime = Number(there[1]);
  };
  addEventListener("hashchange", wait);
  wait();
})();
