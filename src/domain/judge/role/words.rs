//! The words by which a paper's role is told, in the catalog's pattern language, and their compiled form.
//!
//! These are words of office papers in general (policy, log, draft, "must"), not of any criterion; so they live in the
//! code and serve every catalog. English and Spanish, a few of other trade languages. A table: its lines may be long.

use std::collections::BTreeMap;

use crate::domain::judge::rules::{Compiled, Patterns};

/// What a list of words is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A title that names rules.
    RuleTitle,
    /// A title that may name rules.
    MaybeRuleTitle,
    /// A title that names something done or kept.
    RecordTitle,
    /// A title that can only be that of a record.
    SureRecordTitle,
    /// The titles of papers on a whole company's security.
    Manual,
    Modal,
    SectionName,
    RevisionBlock,
    Outcome,
    Act,
    Draft,
    Old,
    /// Marks in the text that the paper is withdrawn or replaced.
    Replaced,
    BlankName,
    /// As `BlankName`, and certain.
    SurelyBlank,
    Security,
    /// Speaks to the reader as to another company.
    Advice,
    Sample,
    Guidance,
    Profile,
    GapReport,
    /// Says that something is asked for, promised or not yet done.
    StillOpen,
}

const WORDS: &[(Sign, &str)] = &[
    (
        Sign::RuleTitle,
        "policy|policies|procedure|sop|standard operating|manual|instruction|politica|procedimiento|instruccion de trabajo|instrucciones|instructivo|lineamiento|reglamento|code of conduct|code of ethics|codigo de conducta|codigo de etica|post orders|consignas|guideline|handbook|charter|protocol|protocolo|work instruction|*程序*|*制度*|*规定*|*政策*|*办法*|quy trinh|quy dinh|chinh sach|politique|procedure de",
    ),
    (
        Sign::MaybeRuleTitle,
        "plan|program|programme|programa|guide|guia|memo|memorandum|circular|standard|norma|rules|reglas|agreement|contract|contrato|convenio|requirements|requisitos|routing|notice|aviso",
    ),
    (
        Sign::RecordTitle,
        "annual review|yearly review|quarterly review|periodic review|management review|revision anual|revision semestral|revision periodica|revision por la direccion|log|logbook|register|bitacora|registro|minutes|minuta|acta|report|reporte|informe|results|resultados|checklist|check list|check sheet|record|export|certificate|certificado|cert|constancia|audit|auditoria|questionnaire|cuestionario|saq|sign in|attendance|asistencia|roster|tracker|inventory|inventario|survey|test|prueba|drill|simulacro|review sheet|acknowledg*|acuse|ack|filled|scan|inspection|inspeccion|inspecciones|investigation|investigacion|analysis|analisis|ticket|work order|photo|pics|quiz|class|curso|toolbox|walk|count|conteo|lista|listado|relacion|recon|summary|aar|after action|brief|case|caso|re|fw|fwd|rv|alert|self review|file review|notes|history|sheet|ping|status|run|hoja|completion|performed|conducted|statement of|letter|carta|trip|visit|session|assessment|evaluation|dashboard|study|estudio|measurement|measurements|medicion|mediciones",
    ),
    (
        Sign::SureRecordTitle,
        "minutes of|meeting minutes|committee minutes|team minutes|minuta de|acta de reunion|acta de revision|acta de la reunion|acta de comite|sign in sheet|attendance list|attendance sheet|lista de asistencia|certificate of|constancia de|test report|survey report|inspection report|reporte de inspeccion|estudio de|informe de auditoria|audit report|after action report",
    ),
    (
        Sign::Manual,
        "security manual|security program|security programme|security plan|security procedures|security policies|security policy|security standards|security requirements|manual de seguridad|plan de seguridad|programa de seguridad|procedimientos de seguridad|politicas de seguridad|politica de seguridad|supply chain security|security profile|perfil de seguridad|ctpat manual|manual ctpat|manual oea|manual|handbook|programa|program|policies and procedures|politicas y procedimientos|minimum security criteria",
    ),
    (
        Sign::Modal,
        "must|shall|should|will|may not|never|always|is to|are to|has to|have to|is required|are required|not allowed|only|nobody|no one|each|every|debe|deben|debera|deberan|se debe|se deben|deberia|prohibid*|no se permite|tiene que|tienen que|siempre|nunca|ningun*|unicamente|obligatori*|sera|seran|cada",
    ),
    (
        Sign::SectionName,
        "purpose|scope|responsibilit*|definitions|references|procedure|policy statement|objetivo|alcance|responsabilidad*|definiciones|desarrollo|referencias|proposito|generalidades|lineamientos|politicas",
    ),
    (
        Sign::RevisionBlock,
        "rev|revision|version|effective|supersedes|replaces|document no|doc no|document number|controlled|owner|next review|approved by|codigo|vigencia|elaboro|aprobo|reviso|sustituye|fecha de emision|policy no|policy number|procedure no|revision history|control de cambios|issued by|document control|review every|reviewed",
    ),
    (
        Sign::Outcome,
        "found|closed|completed|result|results|score|finding|signature|signed|attendees|present|passed|failed|done|hallazgo|resultado|cerrad*|firma|asistentes|presentes|cumple|realizo|reviso|observad*|was|were|fue|fueron|se encontro|conclusion",
    ),
    (
        Sign::Act,
        "performed|conducted|held|attended|completed by|measured|walked|inspected|audited|counted|tested|realizado|realizada|realizo|efectuado|asistentes|presentes|answered|contesto|fieldwork|reviewed by|auditor|instructor|trainer",
    ),
    (
        Sign::Draft,
        "draft|borrador|not approved|for comment|for comments|not yet approved|sin aprobar|en revision|por aprobar|unapproved|work in progress",
    ),
    (
        Sign::Old,
        "old|obsolete|superseded|archive|archived|archivo muerto|obsolet*|historico|anterior|anteriores|withdrawn|cancelled|cancelad*|do not use|no usar|viejo|vieja|viejos|deprecated|retired|reemplazad*|sustituid*",
    ),
    (
        Sign::Replaced,
        "superseded by|superseded|withdrawn|replaced by|reemplazado por|sustituido por|obsoleto|obsolete|no longer in force|sin vigencia",
    ),
    (
        Sign::BlankName,
        "blank|template|plantilla|vacio|vacia|en blanco|formato|form|sample|ejemplo|example|machote|specimen",
    ),
    (Sign::SurelyBlank, "blank|template|plantilla|en blanco|vacio|vacia|machote"),
    (
        Sign::Security,
        "security|seguridad|ctpat|seal|sello|guard|guardia|container|contenedor|trailer|tampering|unauthorized|contraband|contrabando|customs|aduana|visitor|visitantes|badge|gafete|password|vpn|backup|cyber|smuggling|theft|forced|incident|incidente|supply chain|cadena de suministro|driver|operador|vulnerabilities|ispm|pest|plagas|mail|parcels|parking|conduct|conducta|background|antecedentes|alarm|alarma|camera|camaras|fence|cerca",
    ),
    (
        Sign::Advice,
        "your company|your organization|your organisation|your business|your facility|members should|member should|members must|companies should|company should|importers should|carriers should|manufacturers should|su empresa|su organizacion|su compania|las empresas deben|la empresa debe contar|consider using|adapt this|adapt these|adapte|we recommend|recomendamos|validators|the specialist|your specialist|el especialista|auditors like|we suggest|sugerimos|typical evidence|evidencia tipica|evidence of implementation|evidencia de implementacion|many members|a good practice|buena practica|for example|por ejemplo",
    ),
    (
        Sign::Sample,
        "sample|samples|sample form|sample forms|ejemplo|ejemplos|example only|muestra de formato|muestra|formatos muestra|model form|specimen|for illustration|adapt to your|course outline|temario|curso de preparacion|adapt before use|fictitious|ficticio|template pack|replace the text|insert company name|company name here|nombre de la empresa aqui",
    ),
    (
        Sign::Guidance,
        "guide|guidance|guia|best practices|mejores practicas|handbook for members|frequently asked|faq|workbook|bulletin|job aid|toolkit|white paper|explained|how to|como cumplir|implementation guide|consultant*|consultor*|consultoria|course|curso|webinar|prepared for members|for carriers|for importers|for members|para importadores|para exportadores|para transportistas|para fabricantes|para empresas",
    ),
    (
        Sign::Profile,
        "security profile|perfil de seguridad|profile answers|respuestas del perfil|portal answers|respuestas portal|respuestas del portal|profile responses|profile export",
    ),
    (
        Sign::StillOpen,
        "pending|not yet|not started|not begun|have not|has not|havent|hasnt|awaiting|waiting for|waiting on|still outstanding|when we have|when we get|when it comes|when it arrives|as soon as|once we have|once we get|to be done|to do|to follow|is coming|will send|en tramite|pendiente|pendientes|en proceso|por hacer|por recibir|sin iniciar|sin empezar|aun no|todavia no|no se ha|no hemos|por confirmar|cuando llegue|en cuanto|solicitada|solicitado",
    ),
    (
        Sign::GapReport,
        "gap report|gap analysis|reporte de brechas|informe de brechas|analisis de brechas|reporte brechas|readiness report|compliance score|readiness score|evidence report",
    ),
];

/// The lists, compiled beside the catalog's patterns.
pub struct RoleWords {
    lists: Vec<(Sign, Compiled)>,
}

impl RoleWords {
    pub fn new(patterns: &mut Patterns) -> Self {
        let none = BTreeMap::new();
        let list = |&(sign, text): &(Sign, &str)| {
            let compiled = patterns.compile(text, &none).expect("a test compiles every list");
            (sign, compiled)
        };
        Self { lists: WORDS.iter().map(list).collect() }
    }

    pub fn get(&self, sign: Sign) -> &Compiled {
        let list = self.lists.iter().find(|(listed, _)| *listed == sign);
        &list.expect("every sign has a list: a test asks for each").1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_compiles_to_one_clause() {
        let words = RoleWords::new(&mut Patterns::default());
        for (sign, _) in WORDS {
            assert_eq!(words.get(*sign).wanted().len(), 1, "{sign:?}");
        }
        assert_eq!(WORDS.last().map(|(sign, _)| *sign), Some(Sign::GapReport));
    }
}
