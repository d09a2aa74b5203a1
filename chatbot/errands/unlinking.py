"""Taking the share code of somebody who was forgotten out of those whom it brought, little by little."""

from chatbot.errands.office import Office
from chatbot.petition.errand import Errand
from chatbot.storage import erasing


async def unlink(errand: Errand, office: Office) -> None:
    """Go on until nobody is left; begun anew, it finds those who still are."""
    code = str(errand.details["code"])
    while await office.database.transact(lambda tx: erasing.unlink(tx, code)):
        pass
    await office.database.scrub()
