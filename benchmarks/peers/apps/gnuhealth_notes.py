"""Makes a patient and as many evaluations as asked for in GNU Health; prints their ids as JSON."""

import json
import os
import sys
from datetime import datetime

from trytond.config import config

config.update_etc(os.environ["TRYTOND_CONFIG"])

from trytond.pool import Pool  # noqa: E402 - it reads the configuration when imported
from trytond.transaction import Transaction  # noqa: E402

DATABASE = "gnuhealth"
USER = 1


def main(count: int) -> None:
    """In one transaction."""
    Pool.start()
    pool = Pool(DATABASE)
    pool.init()
    with Transaction().start(DATABASE, USER, context={}) as transaction:
        party = pool.get("party.party")
        person = {"lastname": "Mesure", "is_person": True, "gender": "f", "fed_country": "FRA"}
        # One at a time: those made together get the same number.
        [doctor] = party.create([person | {"name": "Alix", "is_healthprof": True}])
        [patient] = party.create([person | {"name": "Essai", "is_patient": True}])
        [professional] = pool.get("gnuhealth.healthprofessional").create([{"party": doctor.id}])
        [record] = pool.get("gnuhealth.patient").create([{"party": patient.id}])
        evaluations = pool.get("gnuhealth.patient.evaluation").create(
            [
                {
                    "patient": record.id,
                    "healthprof": professional.id,
                    "evaluation_start": datetime.now(),  # noqa: DTZ005 - as trytond keeps it
                    "discharge_reason": "home",
                }
                for _ in range(count)
            ]
        )
        transaction.commit()
        print(json.dumps([one.id for one in evaluations]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
