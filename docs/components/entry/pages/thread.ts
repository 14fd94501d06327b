import {mountClaims} from "../../browser/claims.ts";
import {mount} from "../../browser/mount.tsx";
import {page} from "../../pages/thread.tsx";

mount(page);
mountClaims();
