import {mount} from "../../browser/mount.tsx";
import {page} from "../../pages/cgroups.tsx";

mount(page);
