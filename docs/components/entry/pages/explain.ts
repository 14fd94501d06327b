import {mountExplain} from "../../browser/explain.ts";

mountExplain();
