# Estimates from a drawn sample, with R's package survey.
#
#   sansuiji draw weights --certificate certificate.json --out weights.csv
#   Rscript docs/weights.R weights.csv results.csv
#
# weights.csv has a line for each unit that is to be visited: stratum, its units
# (the finite population), how many are drawn, the probability and the weight.
# results.csv has the columns id and y: what was found at each unit. Units without a
# result are non-response: their stratum's weights go to the others.
suppressPackageStartupMessages(library(survey))

files <- commandArgs(trailingOnly = TRUE)
if (length(files) != 2) stop("usage: Rscript weights.R weights.csv results.csv")
drawn <- read.csv(files[1], colClasses = c(id = "character", stratum = "character"))
found <- read.csv(files[2], colClasses = c(id = "character"))
sample <- merge(drawn, found, by = "id", all.x = TRUE)

# Non-response: within a stratum those who answered stand for all who were drawn.
answered <- !is.na(sample$y)
share <- ave(as.numeric(answered), sample$stratum)
if (any(share == 0)) stop("no results in stratum ", sample$stratum[share == 0][1])
sample$weight <- sample$weight / share
sample <- sample[answered, ]

# Of a stratum with one unit left nothing is known about the variance: it is taken
# from the others' mean.
options(survey.lonely.psu = "adjust")
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~weight, fpc = ~units, data = sample)
print(svytotal(~y, design))
print(svymean(~y, design))
