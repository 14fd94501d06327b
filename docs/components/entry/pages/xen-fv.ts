import {mount} from "../../browser/mount.tsx";
import {rehearsing} from "../../browser/rehearse.ts";
import {page} from "../../pages/xen-fv.tsx";

mount(page, rehearsing);
