"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from junheng.web.staffing.views import (
    choosing,
    corrections,
    edits,
    exports,
    intakes,
    mappings,
    rounds,
    school_edits,
    schools,
    snapshots,
    teachers,
)
from junheng.web.staffing.views.establishment import outlook, parameters, plans, structure, subjects, table
from junheng.web.staffing.views.links import groups, outside
from junheng.web.staffing.views.links import schools as paired_schools
from junheng.web.staffing.views.links import teachers as paired_teachers
from junheng.web.staffing.views.registers import appraisal, careers, posts, recruitment, recruitment_needs, support
from junheng.web.staffing.views.registers.entry import REGISTERS, ending, entering

app_name = "staffing"
urlpatterns: list[URLPattern] = [
    # --- intake ---
    path("intakes/", intakes.IntakeList.as_view(), name="intakes"),
    path("intakes/new/", intakes.upload, name="intake_new"),
    path("intakes/template/", intakes.template, name="intake_template"),
    path("intakes/<int:pk>/", intakes.intake, name="intake"),
    path("intakes/<int:pk>/progress/", intakes.progress, name="intake_progress"),
    path("intakes/<int:pk>/confirm/", intakes.confirm, name="intake_confirm"),
    path("intakes/<int:pk>/again/", intakes.again, name="intake_again"),
    path("intakes/<int:pk>/discard/", intakes.discard, name="intake_discard"),
    path("intakes/<int:pk>/faults/", intakes.faults, name="intake_faults"),
    path("intakes/<int:pk>/mapping/", mappings.make, name="intake_mapping"),
    path("mappings/", mappings.MappingList.as_view(), name="mappings"),
    path("mappings/<int:pk>/retire/", mappings.retire, name="mapping_retire"),
    path("export/", exports.export_county, name="export_county"),
    path("export/<int:pk>/", exports.export_file, name="export_file"),
    path("snapshots/", snapshots.SnapshotList.as_view(), name="snapshots"),
    path("snapshots/take/", snapshots.take, name="snapshot_take"),
    path("snapshots/<str:pk>/", snapshots.snapshot, name="snapshot"),
    # --- end of intake ---
    # --- pages ---
    path("to-choose/", choosing.organisations, name="to_choose"),
    path("teachers/", teachers.TeacherList.as_view(), name="teachers"),
    path("teachers/by-id-number/", teachers.find_by_id, name="find_by_id"),
    path("teachers/<int:pk>/", teachers.teacher, name="teacher"),
    path("teachers/<int:pk>/reveal/", teachers.reveal, name="reveal"),
    path("teachers/<int:pk>/change/", edits.change_state, name="change_state"),
    path("teachers/<int:pk>/<slug:key>/add/", edits.add_entry, name="add_entry"),
    path("teachers/<int:pk>/<slug:key>/<int:entry>/correct/", edits.change_entry, name="change_entry"),
    path("teachers/<int:pk>/<slug:key>/<int:entry>/end/", edits.end_entry, name="end_entry"),
    path("teachers/<int:pk>/<slug:key>/<int:entry>/strike/", edits.strike_entry, name="strike_entry"),
    path("own/", teachers.own_file, name="own_file"),
    path("own/correct/", corrections.request_correction, name="request_correction"),
    path("corrections/", corrections.CorrectionList.as_view(), name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/decide/", corrections.decide, name="decide"),
    path("corrections/<int:pk>/withdraw/", corrections.withdraw, name="withdraw"),
    path("schools/", schools.SchoolList.as_view(), name="schools"),
    path("schools/<int:pk>/", schools.school, name="school"),
    path("schools/<int:pk>/change/", school_edits.change_school, name="change_school"),
    path("schools/<int:pk>/<slug:key>/add/", school_edits.add_school_entry, name="add_school_entry"),
    path(
        "schools/<int:pk>/<slug:key>/<int:entry>/change/", school_edits.change_school_entry, name="change_school_entry"
    ),
    path(
        "schools/<int:pk>/<slug:key>/<int:entry>/strike/", school_edits.strike_school_entry, name="strike_school_entry"
    ),
]

# --- links ---
urlpatterns += [
    path("schools/links/", paired_schools.LinkList.as_view(), name="links"),
    path("schools/links/add/", paired_schools.add, name="link_add"),
    path("schools/links/<int:pk>/", paired_schools.terms, name="link_terms"),
    path("schools/links/<int:pk>/end/", paired_schools.end, name="link_end"),
    path("schools/groups/", groups.GroupList.as_view(), name="groups"),
    path("schools/groups/of/<int:pk>/", groups.set_terms, name="group_set"),
    path("schools/groups/<int:pk>/end/", groups.end, name="group_end"),
    path("schools/outside/", outside.OutsideList.as_view(), name="outside_partners"),
    path("schools/outside/add/", outside.add, name="outside_partner_add"),
    path("schools/outside/<int:pk>/", outside.change, name="outside_partner_change"),
    path("schools/outside/<int:pk>/end/", outside.end, name="outside_partner_end"),
    path("schools/teacher-pairs/", paired_teachers.TeacherTieList.as_view(), name="teacher_ties"),
    path("schools/teacher-pairs/add/", paired_teachers.add, name="teacher_tie_add"),
    path("schools/teacher-pairs/<int:pk>/end/", paired_teachers.end, name="teacher_tie_end"),
]

# --- establishment ---
urlpatterns += [
    path("establishment/", table.EstablishmentPage.as_view(), name="establishment"),
    path("establishment/figures/<int:pk>/<slug:stage>/", table.figure, name="establishment_figure"),
    path("establishment/parameters/", parameters.parameters, name="establishment_parameters"),
    path("establishment/parameters/change/", parameters.change_parameters, name="establishment_parameters_change"),
    path("establishment/plans/", plans.PlansPage.as_view(), name="establishment_plans"),
    path("establishment/plans/draft/", plans.draft, name="establishment_draft"),
    path("establishment/plans/<int:pk>/", plans.plan, name="establishment_plan"),
    path("establishment/plans/<int:pk>/verify/", plans.Verify.as_view(), name="establishment_verify"),
    path("establishment/plans/<int:pk>/approve/", plans.Approve.as_view(), name="establishment_approve"),
    path("establishment/plans/<int:pk>/allocate/", plans.Allocate.as_view(), name="establishment_allocate"),
    path("establishment/plans/<int:pk>/file/", plans.File.as_view(), name="establishment_file"),
    path("establishment/plans/<int:pk>/return/", plans.Return.as_view(), name="establishment_return"),
    path("establishment/plans/<int:pk>/withdraw/", plans.Withdraw.as_view(), name="establishment_withdraw"),
    path("establishment/subjects/", subjects.SubjectDemandPage.as_view(), name="subject_demand"),
    path("establishment/courses/", subjects.CoursesOfferedPage.as_view(), name="courses_offered"),
    path("establishment/exam-subjects/", subjects.ExamSubjectsPage.as_view(), name="exam_subjects"),
    path("establishment/structure/", structure.StructurePage.as_view(), name="structure"),
    path("establishment/managers/", structure.ManagersPage.as_view(), name="middle_managers"),
    path("establishment/statistics/", structure.base_statistics, name="base_statistics"),
    path("establishment/categories/", structure.staff_categories, name="staff_categories"),
    path("establishment/outlook/", outlook.outlook, name="establishment_outlook"),
    path("establishment/recruitment/", recruitment.RecruitmentPage.as_view(), name="recruitment"),
    path(
        "establishment/recruitment/needs/", recruitment_needs.RecruitmentNeedsPage.as_view(), name="recruitment_needs"
    ),
    path("establishment/recruitment/enter/", recruitment.enter_recruitment, name="recruitment_enter"),
    path("establishment/recruitment/increase/", recruitment.enter_increase, name="recruitment_increase"),
    path("establishment/support-posts/", support.SupportPostsPage.as_view(), name="support_posts"),
    path("establishment/support-posts/enter/", support.enter_support, name="support_posts_enter"),
    path("establishment/not-in-post/", posts.NotInPostPage.as_view(), name="not_in_post"),
    path("establishment/secondments/", posts.SecondmentsPage.as_view(), name="secondments"),
    path("establishment/contracts/", posts.ContractsPage.as_view(), name="contracts"),
    path("establishment/hired-teachers/", posts.HiredPage.as_view(), name="hired_teachers"),
    path("establishment/early-leave/", careers.EarlyLeavePage.as_view(), name="early_leave"),
    path("establishment/programme/", careers.ProgrammePage.as_view(), name="programme"),
    path("establishment/appraisals/", appraisal.AppraisalPage.as_view(), name="appraisals"),
    path("establishment/retirements/", careers.RetirementsPage.as_view(), name="retirements"),
    *(
        each
        for page in REGISTERS
        for each in (
            path(f"establishment/{page.replace('_', '-')}/enter/", entering(page), name=f"{page}_enter"),
            path(f"establishment/{page.replace('_', '-')}/enter/<int:pk>/", entering(page), name=f"{page}_enter_for"),
            path(f"establishment/{page.replace('_', '-')}/end/<int:pk>/", ending(page), name=f"{page}_end"),
        )
    ),
    path("establishment/verifications/", rounds.RoundsPage.as_view(), name="verifications"),
    path("establishment/verifications/open/", rounds.open_round, name="verification_open"),
    path("establishment/verifications/<int:pk>/", rounds.verification, name="verification"),
    path("establishment/verifications/<int:pk>/schools/<int:school_pk>/", rounds.answer, name="verification_answer"),
    path("establishment/verifications/<int:pk>/close/", rounds.close_round, name="verification_close"),
    path("establishment/documents/", rounds.DocumentsPage.as_view(), name="documents"),
    path("establishment/documents/register/", rounds.register_document, name="document_register"),
    path("establishment/documents/<int:pk>/", rounds.document, name="document"),
    path("establishment/documents/<int:pk>/reply/<int:step_pk>/", rounds.reply, name="document_reply"),
]
