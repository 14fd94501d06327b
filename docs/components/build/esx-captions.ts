/** What stands under each figure, those of the 2002 paper among them: what is its authors', what ours, and what is inferred. */
export const captions = {
  "small-pages":
    "On small pages. Four machines of 1024 MB run the same programs, which fill most of each, on a host of 5 GB; a fifth starts at 90 minutes. The scanner takes an hour to look at as many pages as a machine has, and keeps once what it finds alike: what the host spends falls, and nobody has given anything back. The fifth finds room.",
  "large-pages":
    "On large pages, all else the same. Nothing is shared while memory lasts, so the host spends all that it grants. The fifth machine makes it short: for some minutes it pages out, breaks large pages up, and from then on finds what the other host had found long before. Both are runs of ours with the states of ESXi 5.0, sharing between machines on; that large pages are broken up below minFree is our reading of “under pressure”. As much is alike as in the 2002 paper's Figure 4, ten Linux machines that run the same; sizes are chosen.",
  "figure-6":
    "Figure 6. A program in a machine of 320 MB touches more and more, then less, then nothing (dashed). Dots: ESX's estimate in 2002, and thin the two averages in it. Lines: ours, with 100 pages sampled in 30 s. Up at once, down over minutes. The paper does not say by how much an average moves: a quarter of the gap (slow) and three quarters (fast) are recovered from how these dots fall; the size of 320 MB is inferred from their steps. The peak at 28 minutes is Windows zeroing freed pages, which we left out.",
  "figure-7":
    "Figure 7. Two machines of 256 MB with equal shares, one idle. Without a tax each has half. With 75 % the busy one gets what the idle one does not use. Dots: the paper. Lines: our own run, whose guests are Linux 6.1, on a host with the memory that the two had before the tax; in the paper their sum falls by 13 MB, and it does not say why. What each has more or less is within the bar, the sum is not asserted.",
  "figure-8a":
    "Figure 8a, the first minutes: the host's state while five machines start. Dots: the paper, read to about 5 s. Line: our own run. Both are in low for moments only; ours starts to be short half a minute earlier and is in and out more often, the width at which a state is left being unpublished.",
  "figure-8-boot":
    "Figure 8b, the same minutes: five machines, 1472 MB together, start on a host of 1024 MB that also keeps 160 MB for them, and zero all their memory before their drivers are there. Dots: the paper. Lines: our own run; how fast guests write zeroes (10 MB/s), when drivers load (after 40 s) and how fast the host pages are fitted to these dots. Most of what must go is zeroes, and shared. Ours pages out more (dashed) than the paper's 35 MB, since a Linux kernel holds more that is not zeroes, and does not get it back, since our guests then rest.",
  "figure-8":
    "Figures 8c and 8d, two of the five machines. Dots: what Citrix and SQL Server had. Lines: no run of ours, but the paper's law fed with the paper's own numbers: how it divides what the two had together, from what each is said to use and share. That shared pages are charged to nobody is inferred. At 65 minutes SQL Server runs a long query."
} as const;
