import {mount} from "../../browser/mount.tsx";
import {page} from "../../pages/esx.tsx";

mount(page);
