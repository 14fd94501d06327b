/**
 * What most pages with a model use. Each imports this file, so that these
 * modules are cut into one chunk: a chunk holds what exactly the same pages use,
 * and with every page there are more ways to share something with some others,
 * each a request of a few hundred bytes.
 */
import "../../../src/guest/balloon/vmmemctl.ts";
import "../../../src/guest/balloon/xen.ts";
import "../../../src/views/dmesg.ts";
import "../../../src/views/free.ts";
import "../../../src/views/meminfo.ts";
import "../../../src/views/memory-counters.ts";
import "../case/case-page.tsx";
