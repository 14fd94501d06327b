import {mount} from "../../browser/mount.tsx";
import {rehearsing} from "../../browser/rehearse.ts";
import {page} from "../../pages/esx.tsx";

mount(page, rehearsing);
