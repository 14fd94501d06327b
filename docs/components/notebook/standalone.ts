import {openNotebook} from "./open.tsx";

/** The script of the one-file notebook: everything is in the page already. */
openNotebook(new URL("https://setmem.invalid/"), {});
