// Opens an address in the whole window; the link on the page does the same by hand.
open(document.currentScript.dataset.to, "_top");
