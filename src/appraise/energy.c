/* SPDX-License-Identifier: Apache-2.0 */
#include "yaoshi/appraise.h"

#include <math.h>

const double ys_pv_loss_default[10] = {.02, .03, 0, .02, .02, .005, .015, .01, 0, .03};

double ys_pv_dc(double poa, double cell, double dc0, double gamma)
{
    return poa * .001 * dc0 * (1 + gamma * (cell - 25));
}

double ys_pv_dc_low(double poa, double cell, double dc0, double gamma, double k)
{
    double x = 1 - poa / 200;
    double lost = poa <= 200 ? k * (1 - x * x * x * x) : poa < 1000 ? k * (1000 - poa) / 800 : 0;
    return ys_pv_dc(poa, cell, dc0, gamma) - dc0 * lost;
}

double ys_pv_ac(double dc, double dc0, double eta)
{
    const double eta_reference = .9637; /* of the inverter the curve was fitted to */
    if (!(dc > 0))
        return dc <= 0 ? 0 : NAN;
    double load = dc / dc0;
    double ac = eta / eta_reference * (-.0162 * load - .0059 / load + .9858) * dc;
    return fmax(0, fmin(ac, eta * dc0));
}

double ys_pv_losses(const double *loss, int n)
{
    double left = 1;
    for (int i = 0; i < n; i++)
        left *= 1 - loss[i];
    return 1 - left;
}

double ys_pv_cell_noct(double air, double poa, double noct)
{
    return air + (noct - 20) / 800 * poa;
}

double ys_pv_cell_faiman(double air, double poa, double wind)
{
    return air + poa / (25 + 6.84 * wind);
}

double ys_pv_performance(const ys_pv *p)
{
    if (!isnan(p->performance_ratio))
        return p->performance_ratio;
    return (1 - p->losses) * p->inverter * (1 + p->gamma * (p->cell_temperature - 25));
}

double ys_pv_model_yield(const ys_pv *p)
{
    double sum = 0;
    for (int m = 0; m < 12; m++)
        sum += p->ghi[m];
    return sum * p->plane_gain * ys_pv_performance(p);
}

double ys_pv_energy(const ys_pv *p, int year)
{
    double e = p->capacity * (isnan(p->yield) ? ys_pv_model_yield(p) : p->yield) * (1 - p->first_year_loss);
    for (int t = 1; t < year; t++)
        e *= 1 - p->degradation;
    return e;
}
