// Tells an open page that dispatches were filed meanwhile. Nothing on the page moves until its reader asks for it.
(function () {
  "use strict";
  var notice = document.getElementById("live");
  if (!notice || !window.EventSource) return;
  var filed = 0;
  var source = new EventSource(document.body.dataset.base + "/events");
  source.addEventListener("filed", function (event) {
    filed += JSON.parse(event.data).new;
    var link = document.createElement("a");
    link.href = location.href;
    link.textContent = "show";
    notice.textContent = (filed === 1 ? "1 dispatch was" : filed + " dispatches were") + " filed since this page was drawn: ";
    notice.append(link);
    notice.hidden = false;
  });
  window.addEventListener("pagehide", function () { source.close(); });
})();
