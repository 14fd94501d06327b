import {mount} from "../../browser/mount.tsx";
import {page} from "../../pages/index-page.tsx";

mount(page);
