import {mount} from "../../browser/mount.tsx";
import {rehearsing} from "../../browser/rehearse.ts";
import {page} from "../../pages/cgroups.tsx";

mount(page, rehearsing);
