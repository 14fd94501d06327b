import {mountClaims} from "../../browser/claims.ts";

mountClaims();
