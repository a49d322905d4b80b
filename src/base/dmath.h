/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YS_BASE_DMATH_H
#define YS_BASE_DMATH_H
/*
 * dmath.h - exp, log, sine, erf and the normal distribution with the same bits on every machine.
 *
 * libm may round differently from one version or instruction set to the next; anything on the way to a stored
 * integer uses these (compiled with -ffp-contract=off).  Absolute error below 1e-13 of the true value for
 * |x|<=40.
 */
double ys_exp(double x);
double ys_log(double x); /* x > 0; NaN otherwise */
/* Sine, cosine and the inverse sine, in radians; |x| <= 1000 for the first two, |x| <= 1 for the third (else NaN). */
double ys_sin(double x);
double ys_cos(double x);
double ys_asin(double x);
double ys_erf(double x);
double ys_norm_pdf(double x);
double ys_norm_cdf(double x);
/* Both for n points at once, the same bits as one by one and several times as fast; n <= YS_NORM_MANY. */
#define YS_NORM_MANY 64
void ys_norm_many(const double *x, int n, double *ret_cdf, double *ret_pdf);
/* Inverse normal distribution function, 0<p<1 (Wichura 1988, AS 241, PPND16). */
double ys_norm_inv(double p);

#endif
