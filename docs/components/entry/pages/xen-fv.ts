import {mount} from "../../browser/mount.tsx";
import {page} from "../../pages/xen-fv.tsx";

mount(page);
