// src/words.ts
var e = {
	en: {},
	pt: {
		" just before": " logo antes",
		" {span} earlier": " {span} antes",
		"1 change since": "1 alteração desde então",
		"1 file": "1 arquivo",
		"1 follows": "1 segue",
		"1 member is on another branch": "1 membro está em outro ramo",
		"1 open comment": "1 comentário aberto",
		"3D": "3D",
		"3D and one slice": "3D e um corte",
		"3D large, three slices": "3D grande, três cortes",
		"3D only": "Só 3D",
		"3D view of the anatomy. Arrow keys move the crosshair, Enter places a point on the surface.": "Vista 3D da anatomia. As setas movem a mira, Enter põe um ponto na superfície.",
		"3D view of the anatomy. Press ? for the keys.": "Vista 3D da anatomia. Tecle ? para ver as teclas.",
		"95 % within {p95}, at most {most}": "95 % até {p95}, no máximo {most}",
		"@ names somebody · Enter sends · Esc cancels": "@ menciona alguém · Enter envia · Esc cancela",
		"A file was changed, moved or removed while it was sent. Choose the files again.": "Um arquivo foi alterado, movido ou removido durante o envio. Escolha os arquivos de novo.",
		"A lost connection costs nothing: the upload goes on where it stood.": "Uma conexão perdida não custa nada: o envio continua de onde parou.",
		"A path stays on one surface, here {name}.": "Um percurso fica em uma só superfície, aqui {name}.",
		"A point is here already: move the crosshair on.": "Já há um ponto aqui: mova a mira adiante.",
		"A recovery code": "Um código de recuperação",
		"A study or series of CT or MR as DICOM. What is in there is looked at before anything is opened.": "Um estudo ou uma série de TC ou RM em DICOM. O conteúdo é examinado antes de se abrir qualquer coisa.",
		"About {name}": "Sobre {name}",
		Acquired: "Adquirida em",
		Activity: "Atividade",
		"Add a plane": "Acrescentar plano",
		"Add a plane: what lies before it goes out of sight, for you.": "Acrescente um plano: o que está à frente dele some, para você.",
		Adjust: "Ajustar",
		"All slices follow the pointer": "Todos os cortes seguem o ponteiro",
		"An upload is unfinished": "Um envio está inacabado",
		Angio: "Angio",
		Angle: "Ângulo",
		Angles: "Ângulos",
		Annotate: "Marcar",
		"Annotate; again: its menu": "Anotar; de novo: seu menu",
		"Another branch": "Outro ramo",
		"Another site sent it, or a page that was open for too long. Load the page again.": "Outro site o enviou, ou uma página aberta há tempo demais. Carregue a página de novo.",
		"Anybody with the right may change it": "Qualquer pessoa com permissão pode alterar",
		Approved: "Aprovado",
		"Approved by two people. The next change makes it an unsigned draft again; the approved version stays as it is.": "Aprovado por duas pessoas. A próxima alteração o torna de novo um rascunho sem assinatura; a versão aprovada permanece como está.",
		"Approved plan: {label}": "Plano aprovado: {label}",
		Archive: "Arquivo",
		Area: "Área",
		Areas: "Áreas",
		Arrow: "Seta",
		Artery: "Artéria",
		"As set": "Como definida",
		"As soon as a segment is added it is shown here, for everybody.": "Assim que um segmento for acrescentado, ele aparece aqui, para todos.",
		"As {role} you may not do this. Ask the owner of the room for another role.": "Como {role}, você não pode fazer isto. Peça outra função ao proprietário da sala.",
		"As {role} you may not present.": "Como {role}, você não pode apresentar.",
		"Ask for review": "Pedir revisão",
		"Ask to present": "Pedir para apresentar",
		"Ask to present (P)": "Pedir para apresentar (P)",
		"Ask whoever sent it for a new one.": "Peça um novo a quem o enviou.",
		"Asked to present": "Pedido enviado",
		Automatic: "Automática",
		Axial: "Axial",
		Back: "Voltar",
		"Back to all panes (Shift F)": "Voltar a todos os painéis (Shift F)",
		"Back to now": "Voltar ao agora",
		"Back to place": "De volta ao lugar",
		"Back to the talk": "Voltar à conversa",
		Blend: "Mistura",
		"Blood vessel": "Vaso sanguíneo",
		Bone: "Osso",
		Box: "Caixa",
		"Box from, towards {side}, mm": "Início da caixa, para {side}, mm",
		"Box to, towards {side}, mm": "Fim da caixa, para {side}, mm",
		Brain: "Encéfalo",
		Branch: "Ramo",
		"Branch from here": "Ramificar daqui",
		"Branch of the plan": "Ramo do plano",
		"Branch {name}": "Ramo {name}",
		Branches: "Ramos",
		"Brightest (MIP)": "Máxima (MIP)",
		"Brightness up and down, contrast to the sides": "Brilho para cima e para baixo, contraste para os lados",
		"Bring in images": "Trazer imagens",
		"Bring in more images": "Trazer mais imagens",
		"Bring what is chosen into view, or everything": "Enquadrar o escolhido, ou tudo",
		"By SNOMED code": "Por código SNOMED",
		"By group": "Por grupo",
		"By owner": "Por dono",
		"CT angio": "Angio-TC",
		"CT bone": "TC osso",
		Cancel: "Cancelar",
		"Cancel? What was sent so far is deleted on the server.": "Cancelar? O que já foi enviado é apagado no servidor.",
		Cancelled: "Cancelado",
		Case: "Caso",
		"Case, plan, frame, scale, source and the warnings are burnt in below it.": "Caso, plano, referencial, escala, fonte e avisos ficam gravados embaixo.",
		"Case: {title}": "Caso: {title}",
		Change: "Alterar",
		"Change a copy": "Alterar uma cópia",
		"Changed {date}": "Alterada em {date}",
		"Checked: the plan holds": "Verificado: o plano se mantém",
		Choose: "Escolher",
		"Choose a line to straighten along": "Escolha uma linha para retificar",
		"Choose a structure first. I shows it alone, and I again brings back the others.": "Escolha primeiro uma estrutura. I mostra só ela, e I de novo traz as outras de volta.",
		"Choose files": "Escolher arquivos",
		"Choose folder": "Escolher pasta",
		"Choose the next structure": "Escolher a próxima estrutura",
		"Choose the structure before": "Escolher a estrutura anterior",
		"Choose {name}": "Escolher {name}",
		"Chosen differences are made as they are in {version}; one undo takes it all back.": "As diferenças escolhidas ficam como em {version}; um único desfazer reverte tudo.",
		Clear: "Limpar",
		Click: "Clique",
		"Click a corner of the box": "Clique em um canto da caixa",
		"Click a piece that a cut has made. Arrows shift it, rings turn it.": "Clique em uma peça feita por um corte. As setas a deslocam, os anéis a giram.",
		"Click a point of the first leg": "Clique em um ponto do primeiro lado",
		"Click a point of the other leg": "Clique em um ponto do outro lado",
		"Click another structure than the first.": "Clique em uma estrutura diferente da primeira.",
		"Click how wide it is; Enter makes a circle": "Clique na largura; Enter faz um círculo",
		"Click the centre of the region in a slice": "Clique no centro da região em um corte",
		"Click the end of its first half axis": "Clique no fim do primeiro semieixo",
		"Click the first end of the line": "Clique na primeira extremidade da linha",
		"Click the first point of the outline": "Clique no primeiro ponto do contorno",
		"Click the first structure": "Clique na primeira estrutura",
		"Click the next point": "Clique no próximo ponto",
		"Click the next point on the same structure": "Clique no próximo ponto da mesma estrutura",
		"Click the next point; Enter finishes": "Clique no próximo ponto; Enter conclui",
		"Click the next point; the first one or Enter closes": "Clique no próximo ponto; o primeiro ou Enter fecha",
		"Click the opposite corner": "Clique no canto oposto",
		"Click the other end": "Clique na outra extremidade",
		"Click the second structure": "Clique na segunda estrutura",
		"Click the vertex of the angle": "Clique no vértice do ângulo",
		"Click what it points to": "Clique no que ela aponta",
		"Click where the arrow begins": "Clique onde a seta começa",
		"Click where the path begins": "Clique onde o percurso começa",
		"Click where the point goes": "Clique onde vai o ponto",
		"Click where the text goes": "Clique onde vai o texto",
		"Clipped by a box; nothing is cut": "Recortado por uma caixa; nada foi cortado",
		"Clipped by one plane and a box; nothing is cut": "Recortado por um plano e uma caixa; nada foi cortado",
		"Clipped by one plane; nothing is cut": "Recortado por um plano; nada foi cortado",
		"Clipped by {name}": "Recortado por {name}",
		"Clipped by {name}, for all.": "Recortado por {name}, para todos.",
		"Clipped by {n} planes and a box; nothing is cut": "Recortado por {n} planos e uma caixa; nada foi cortado",
		"Clipped by {n} planes; nothing is cut": "Recortado por {n} planos; nada foi cortado",
		"Clipped, for all": "Recortado, para todos",
		"Clipped, for you": "Recortado, para você",
		Close: "Fechar",
		"Close (T)": "Fechar (T)",
		"Close the history": "Fechar o histórico",
		"Close the inspector": "Fechar o inspetor",
		"Close the lists": "Fechar as listas",
		"Close the straightened view": "Fechar a vista retificada",
		"Code of six digits": "Código de seis dígitos",
		"Code {code}, not in the table": "Código {code}, fora da tabela",
		Colour: "Cor",
		Colours: "Cores",
		Comment: "Comentário",
		"Comment {n}": "Comentário {n}",
		"Comment {n} by {name}, replies: {replies}": "Comentário {n} de {name}, respostas: {replies}",
		"Comment {n} by {name}, resolved, replies: {replies}": "Comentário {n} de {name}, resolvido, respostas: {replies}",
		Comments: "Comentários",
		Compare: "Comparar",
		"Compare with now": "Comparar com agora",
		Completed: "Concluído",
		"Connecting…": "Conectando…",
		"Connection lost": "Conexão perdida",
		"Connection lost, trying again": "Conexão perdida, tentando de novo",
		"Connection lost.": "Conexão perdida.",
		"Connection lost. Trying again in {n} s.": "Conexão perdida. Tentando de novo em {n} s.",
		"Connection lost. Trying again now.": "Conexão perdida. Tentando de novo agora.",
		"Coordinates are the patient's own: left, posterior, superior, in mm": "As coordenadas são do próprio paciente: esquerda, posterior, superior, em mm",
		Copied: "Copiado",
		Copy: "Copiar",
		"Copy text": "Copiar texto",
		"Copy value": "Copiar valor",
		Coronal: "Coronal",
		"Crosshair at {place}": "Mira em {place}",
		Cut: "Cortar",
		"Cut along {name}": "Cortar em {name}",
		Cuts: "Cortes",
		"Cutting…": "Cortando…",
		"Darkest (MinIP)": "Mínima (MinIP)",
		"Degrees about the axis towards {side}": "Graus em torno do eixo para {side}",
		Delete: "Excluir",
		"Delete {title}": "Excluir {title}",
		"Delete “{title}”?": "Excluir “{title}”?",
		"Deleted “{title}”.": "“{title}” foi excluída.",
		"Depth cues": "Indícios de profundidade",
		"Description of the new version": "Descrição da nova versão",
		Discard: "Descartar",
		"Discard and choose others": "Descartar e escolher outros",
		"Discard it": "Descartar",
		Dismiss: "Dispensar",
		Distance: "Distância",
		Distances: "Distâncias",
		"Distances along the surface": "Distâncias sobre a superfície",
		Do: "Fazer",
		Done: "Pronto",
		"Download as a table (.csv)": "Baixar como tabela (.csv)",
		"Download the room": "Baixar a sala",
		"Download {name} as STL": "Baixar {name} em STL",
		Draft: "Rascunho",
		Drag: "Arrastar",
		"Drag in a slice": "Arrastar em um corte",
		"Drag its faces": "Arrastar as faces",
		"Drag its points. Enter goes to the next point, arrow keys move it, Del removes it.": "Arraste os pontos. Enter vai ao próximo, as setas movem, Del remove.",
		"Drag the arrow to shift, a knob to tilt. Esc leaves it in place.": "Arraste a seta para deslocar, um botão para inclinar. Esc o deixa no lugar.",
		"Draw with the button held down; right-drag turns the view": "Desenhe com o botão pressionado; arrastar com o direito gira a vista",
		"Drop a CT or MR study on this page to make the first one, or open an invitation link.": "Solte um estudo de TC ou RM nesta página para criar a primeira, ou abra um link de convite.",
		"Drop files, a folder or a zip here": "Solte arquivos, uma pasta ou um zip aqui",
		"Dura mater": "Dura-máter",
		Edit: "Editar",
		"Edit points": "Editar pontos",
		"Edit text…": "Editar texto…",
		"Edit the points of the chosen markup": "Editar os pontos da marcação escolhida",
		End: "Fim",
		"Enter saves · Esc cancels": "Enter salva · Esc cancela",
		"Entries (.jsonl)": "Entradas (.jsonl)",
		"Every measurement of this branch, with its uncertainty, and every volume.": "Todas as medidas deste ramo, com sua incerteza, e todos os volumes.",
		"Every version made on the older ones is stale until somebody has checked.": "Toda versão feita com as anteriores fica desatualizada até que alguém verifique.",
		Everybody: "Todos",
		"Everybody follows your view": "Todos seguem a sua vista",
		"Everybody in the room reads it. Never a patient’s name.": "Todos na sala o leem. Nunca o nome de um paciente.",
		"Everybody who is in it is shown out. You can undo this for 30 seconds; after that, whoever runs the server can bring the room back until it is purged.": "Todos que estão nela são retirados. Você pode desfazer durante 30 segundos; depois, quem administra o servidor pode recuperar a sala até que ela seja apagada de vez.",
		Export: "Exportar",
		"Face this view": "De frente para esta vista",
		"Files go to this server only.": "Os arquivos vão somente para este servidor.",
		"Fill the view (Shift F)": "Ocupar a vista (Shift F)",
		Finish: "Concluir",
		"Fit to what is visible": "Ajustar ao visível",
		Flagged: "Sinalizado",
		Flip: "Inverter",
		"Flip {name}": "Inverter {name}",
		Follow: "Seguir",
		"Follow {name}": "Seguir {name}",
		Following: "Seguindo",
		"For how many": "Para quantos",
		Found: "Encontrado",
		"Four alike": "Quatro iguais",
		Fragments: "Fragmentos",
		Frame: "Referencial",
		"Frame: as scanned": "Referencial: como adquirido",
		"Frame: as scanned · LPS, mm": "Referencial: como adquirido · LPS, mm",
		"Frame: twin {letter} · the twin's own L, P and S, mm": "Referencial: gêmeo {letter} · L, P e S do próprio gêmeo, mm",
		Freehand: "Mão livre",
		"Freehand is drawn with a pointer. An area or a path can be placed with keys.": "À mão livre se desenha com um ponteiro. Uma área ou um caminho pode ser posto com o teclado.",
		From: "De",
		"From anterior, posterior": "De anterior, posterior",
		"From left, right": "Da esquerda, da direita",
		"From superior, inferior": "De superior, inferior",
		"Gap between two": "Distância entre dois",
		"Gaps between segments": "Distâncias entre segmentos",
		"Ghost side": "Lado fantasma",
		"Go on": "Continuar",
		"Good for": "Válido",
		Group: "Grupo",
		"Group the segments": "Agrupar os segmentos",
		"Hand over": "Passar",
		"Hand over to {name}": "Passar a {name}",
		"Hand the view over": "Passar a apresentação",
		"Hidden: {names}": "Ocultos: {names}",
		Hide: "Ocultar",
		"Hide all": "Ocultar tudo",
		"Hide resolved": "Ocultar resolvidos",
		"Hide {name}": "Ocultar {name}",
		History: "Histórico",
		"History (.csv)": "Histórico (.csv)",
		"History of the plan (T)": "Histórico do plano (T)",
		"How each segment was made": "Como cada segmento foi feito",
		"I have an account: sign in": "Tenho uma conta: entrar",
		"I have no authenticator here": "Não tenho o autenticador aqui",
		Images: "Imagens",
		"Images are loading …": "As imagens estão carregando …",
		"Images loaded": "Imagens carregadas",
		"Import images": "Importar imagens",
		"In 3D": "Em 3D",
		"In 3D: turn the view by 10 degrees": "Em 3D: girar a vista 10 graus",
		"In a slice: all slices go there": "Em um corte: todos os cortes vão para lá",
		"In mm, LPS, where they are placed now.": "Em mm, LPS, na posição em que estão agora.",
		"In progress": "Em andamento",
		"In review": "Em revisão",
		"Insert a point after it": "Inserir um ponto depois dele",
		"Insert a point here": "Inserir um ponto aqui",
		Invite: "Convidar",
		"Invite somebody": "Convidar alguém",
		"It comes back by itself in a moment. Nothing of the plan is lost.": "Ela volta sozinha em um momento. Nada do plano se perdeu.",
		"It is shown once: copy it now.": "É mostrado uma só vez: copie agora.",
		"It is too late to undo this here. Whoever runs the server can still bring the room back.": "É tarde demais para desfazer aqui. Quem administra o servidor ainda pode recuperar a sala.",
		"It is unknown or has run out. Start the server again for a new one.": "É desconhecido ou expirou. Reinicie o servidor para obter um novo.",
		"It was begun in 3D: go on there.": "Foi iniciado em 3D: continue lá.",
		"It was begun on another slice: go on there, or press Escape.": "Foi iniciado em outro corte: continue lá ou tecle Escape.",
		"Join the room": "Entrar na sala",
		"Joining the room…": "Entrando na sala…",
		"Jump here": "Ir para cá",
		"Jump to the view of {name}": "Ir para a vista de {name}",
		"Jump to their view": "Ir para a vista dele(a)",
		Keep: "Manter",
		"Keep it": "Manter",
		Keys: "Teclas",
		"Keys ?": "Teclas ?",
		"LPS, as scanned": "LPS, como adquirido",
		"LPS, mm, as scanned": "LPS, mm, como adquirido",
		"Laid over it": "Sobreposto",
		"Laid over: {name}, registration error not known": "Sobreposto: {name}, erro de registro desconhecido",
		"Laid over: {name}, registration error {n} mm": "Sobreposto: {name}, erro de registro {n} mm",
		Language: "Idioma",
		"Last changed": "Alteradas por último",
		"Last opened": "Abertas por último",
		Layout: "Disposição",
		"Layout of the panes": "Disposição dos painéis",
		"Layout of the panes (Shift 1 to 5)": "Disposição dos painéis (Shift 1 a 5)",
		"Layout: 3D large, four alike, 3D only, 3D and one slice, slices only": "Disposição: 3D grande, quatro iguais, só 3D, 3D e um corte, só cortes",
		"Least distance": "Distância mínima",
		Leave: "Deixar",
		"Leave whole": "Manter inteiros",
		"Leave whole when clipping": "Manter inteiro ao recortar",
		Length: "Comprimento",
		"Let go of it": "Soltar",
		"Let the pane fill the view, or bring back the others; so does a double click": "O painel ocupa a vista, ou os outros voltam; também com clique duplo",
		Level: "Nível",
		Line: "Linha",
		"Link for a surgeon": "Link para um cirurgião",
		"Link for {role}": "Link para {role}",
		"Links that still work": "Links que ainda funcionam",
		Lists: "Listas",
		"Lists of the plan": "Listas do plano",
		Liver: "Fígado",
		Loaded: "Carregadas",
		"Loading anatomy {n}/{all}": "Carregando anatomia {n}/{all}",
		Lock: "Bloquear",
		"Locked by {name}": "Bloqueado por {name}",
		Look: "Olhar",
		"Look around yourself (Esc, or move the view)": "Olhar por conta própria (Esc, ou mover a vista)",
		"Look inside": "Ver por dentro",
		"Look inside: clip planes and box": "Ver por dentro: planos e caixa de recorte",
		"Look of the images in 3D": "Aparência das imagens em 3D",
		"Look through the eyes of the presenter again (R)": "Ver de novo pelos olhos do apresentador (R)",
		"Looking at what came": "Examinando o que chegou",
		Lung: "Pulmão",
		MR: "RM",
		"Made by": "Feito por",
		Main: "Principal",
		"Make a link": "Criar um link",
		"Making the room": "Criando a sala",
		Mandible: "Mandíbula",
		Markups: "Marcações",
		Mass: "Massa",
		Maximum: "Máximo",
		Mean: "Média",
		Measure: "Medir",
		"Measure; again: its menu": "Medir; de novo: seu menu",
		Measurements: "Medidas",
		"Measurements (.csv)": "Medidas (.csv)",
		Measures: "Medidas",
		Members: "Membros",
		"Members: {names}": "Membros: {names}",
		"Menu of what is chosen": "Menu do que está escolhido",
		"Menu of {name}": "Menu de {name}",
		"Message to the room": "Mensagem para a sala",
		"Message; @Name mentions": "Mensagem; @Nome menciona",
		Method: "Método",
		Minimum: "Mínimo",
		Modality: "Modalidade",
		Model: "Modelo",
		"Moment of the history": "Momento do histórico",
		Move: "Mover",
		"Moved by": "Deslocado em",
		"Moved by smoothing and decimation": "Deslocada por suavização e decimação",
		Name: "Nome",
		"Name of a new version, for example Two stages": "Nome de uma nova versão, por exemplo Dois tempos",
		"Name of the branch": "Nome do ramo",
		"Name of the new version": "Nome da nova versão",
		Narrow: "Estreita",
		Nerve: "Nervo",
		New: "Nova",
		"New case": "Novo caso",
		"New images": "Novas imagens",
		"New name": "Novo nome",
		"No account? Open the invitation link that you were sent.": "Sem conta? Abra o link de convite que você recebeu.",
		"No anatomy in this room yet.": "Nenhuma anatomia nesta sala ainda.",
		"No anatomy yet. It appears here as soon as it has been segmented.": "Nenhuma anatomia ainda. Ela aparece aqui assim que for segmentada.",
		"No code": "Sem código",
		"No comment yet. Choose Comment (C), then click on the anatomy.": "Nenhum comentário ainda. Escolha Comentário (C) e clique na anatomia.",
		"No form of this server is that long.": "Nenhum formulário deste servidor é tão longo.",
		"No fragment yet. Place a plane and cut, then choose Move.": "Nenhum fragmento ainda. Posicione um plano, corte e escolha Mover.",
		"No group": "Sem grupo",
		"No images here: outlines only.": "Sem imagens aqui: só contornos.",
		"No images yet": "Sem imagens ainda",
		"No note pinned. Choose Note, then click on the anatomy.": "Nenhuma nota fixada. Escolha Nota e clique na anatomia.",
		"No plane placed. Choose Plane cut, then click on the anatomy.": "Nenhum plano posicionado. Escolha Corte plano e clique na anatomia.",
		"No point can go in between here: turn the view so that the surface is in sight.": "Aqui não cabe um ponto: gire a vista até ver a superfície.",
		"No room matches. Search for a title, a modality, a date or a member.": "Nenhuma sala corresponde. Busque um título, uma modalidade, uma data ou um membro.",
		"No rooms yet": "Nenhuma sala ainda",
		"No segment yet, so there is no volume.": "Nenhum segmento ainda, portanto nenhum volume.",
		"No segment yet.": "Nenhum segmento ainda.",
		"No surface yet.": "Nenhuma superfície ainda.",
		"No tissue mechanics, bleeding or flow is simulated": "Mecânica de tecidos, sangramento e fluxo não são simulados",
		"No version yet. Save one when the plan is worth talking about.": "Nenhuma versão ainda. Salve uma quando valer a pena discutir o plano.",
		"No volume here can be opened": "Nenhum volume aqui pode ser aberto",
		"Nobody has said anything about it.": "Ninguém disse nada a respeito.",
		"Nobody has written yet.": "Ninguém escreveu ainda.",
		"Nobody wrote that here. Try the beginning of a word.": "Ninguém escreveu isso aqui. Tente o começo de uma palavra.",
		None: "Nenhum",
		"None.": "Nenhum.",
		"Not for diagnostic use": "Não destinado a uso diagnóstico",
		"Not for diagnostic use. No tissue mechanics, bleeding or flow is simulated.": "Não destinado a uso diagnóstico. Mecânica de tecidos, sangramento e fluxo não são simulados.",
		"Not joined yet": "Ainda não entrou",
		"Not started": "Não iniciado",
		Note: "Nota",
		"Note by {name}": "Nota de {name}",
		"Note {n} by {name}": "Nota {n} de {name}",
		Notes: "Notas",
		"Nothing has been imported yet.": "Nada foi importado ainda.",
		"Nothing is there to hold it: click on a structure.": "Não há nada ali para fixar: clique em uma estrutura.",
		"Nothing is there to hold it: move the crosshair to a structure.": "Não há nada ali que o segure: leve a mira a uma estrutura.",
		"Nothing measured yet. Choose a measuring tool, then click on the anatomy.": "Nada medido ainda. Escolha uma ferramenta de medida e clique na anatomia.",
		"Nothing that you may do here": "Nada que você possa fazer aqui",
		"Nothing yet. What members do appears here.": "Nada ainda. O que os membros fazem aparece aqui.",
		"Oblique: turn by the ends of the crosshair": "Oblíquo: gire pelas pontas da mira",
		"Oblique: turn the slices by the ends of the crosshair": "Oblíquo: gire os cortes pelas pontas da mira",
		Observer: "Observador",
		"Observer: sees everything, changes nothing": "Observador: vê tudo, não altera nada",
		"Offset from centre": "Distância do centro",
		On: "Em",
		"One entry back": "Uma entrada atrás",
		"One entry back (,)": "Uma entrada atrás (,)",
		"One entry back, on": "Uma entrada atrás, adiante",
		"One entry on": "Uma entrada adiante",
		"One entry on (.)": "Uma entrada adiante (.)",
		"One list": "Uma lista",
		"One moment": "Um momento",
		"One more step": "Mais um passo",
		"One slice back; so does the wheel": "Um corte atrás; também com a roda",
		"One slice on": "Um corte adiante",
		"One volume found": "Um volume encontrado",
		"Only the owner of a room can delete it.": "Só o proprietário de uma sala pode excluí-la.",
		"Only these": "Só estes",
		"Only what is chosen; again: everything": "Só o escolhido; de novo: tudo",
		"Only you, and owners of the room, may change it then": "Então só você e os proprietários da sala podem alterar",
		"Only {name} is shown": "Só {name} é mostrado",
		"Opacity of {name}, for me": "Opacidade de {name}, para mim",
		"Opacity, for all": "Opacidade, para todos",
		"Opacity, for me": "Opacidade, para mim",
		Open: "Abrir",
		"Open a room": "Abrir uma sala",
		"Open an invitation link while you are signed in, and its room stands here.": "Abra um link de convite com a sessão iniciada, e a sala passa a figurar aqui.",
		"Open or close the history": "Abrir ou fechar o histórico",
		"Open the import link again": "Abra de novo o link de importação",
		"Open the room": "Abrir a sala",
		"Open your authenticator and type its code.": "Abra o seu autenticador e digite o código.",
		"Open your invitation link again, in this browser, or ask for a new one.": "Abra de novo o seu link de convite, neste navegador, ou peça um novo.",
		"Open your invitation link again.": "Abra de novo o seu link de convite.",
		"Opened {date}": "Aberta em {date}",
		"Opening the room…": "Abrindo a sala…",
		Orientation: "Orientação",
		Others: "Outros",
		"Own colours": "Cores próprias",
		Owner: "Proprietário",
		"Owner: plans, and decides who is in the room": "Proprietário: planeja e decide quem está na sala",
		Panes: "Painéis",
		Password: "Senha",
		"Path along the surface": "Percurso sobre a superfície",
		Patient: "Paciente",
		"Patient direction at the {side}: {letters}": "Direção do paciente ({side}): {letters}",
		"Patient: sees the anatomy and the plan, not what is said about it": "Paciente: vê a anatomia e o plano, não o que se diz sobre ele",
		Pause: "Pausar",
		Paused: "Em pausa",
		People: "Pessoas",
		Perimeter: "Perímetro",
		"Picture (K)": "Imagem (K)",
		"Picture by {name}, {time}": "Imagem de {name}, {time}",
		"Picture of 3D alone": "Imagem só do 3D",
		"Picture of all panes (K)": "Imagem de todos os painéis (K)",
		"Picture of all panes, with its legend": "Imagem de todos os painéis, com legenda",
		"Picture or video": "Imagem ou vídeo",
		Pieces: "Partes",
		Pin: "Fixar",
		Place: "Colocar",
		"Place a point at the crosshair; again, or after clicks: finish; while editing: the next point": "Pôr um ponto na mira; de novo, ou depois de cliques: concluir; ao editar: o próximo ponto",
		"Place a point just at the crosshair, not drawn to an outline": "Pôr um ponto exatamente na mira, sem atração pelo contorno",
		"Placed by": "Posicionado por",
		Plan: "Plano",
		"Plan: {label} · revision {n}": "Plano: {label} · revisão {n}",
		"Plane cut": "Corte plano",
		"Plane {n}": "Plano {n}",
		Planes: "Planos",
		Play: "Reproduzir",
		"Play or pause": "Reproduzir ou pausar",
		"Play or pause (Space)": "Reproduzir ou pausar (Espaço)",
		"Please give a name of 1 to {most} printable characters.": "Informe um nome de 1 a {most} caracteres imprimíveis.",
		Point: "Ponto",
		"Point taken back. Points left: {n}": "Ponto retirado. Pontos que restam: {n}",
		"Point {n} at {place}": "Ponto {n} em {place}",
		Pointer: "Ponteiro",
		Points: "Pontos",
		Present: "Apresentar",
		"Present to all": "Apresentar a todos",
		"Present, ask to present, or stop": "Apresentar, pedir para apresentar ou parar",
		"Present: {names}": "Presentes: {names}",
		Presenting: "Apresentando",
		"Put it back where it was scanned": "Recolocar onde foi adquirido",
		"Put {name} back": "Recolocar {name}",
		Radiologist: "Radiologista",
		"Radiologist: prepares the model: segments, notes, measures": "Radiologista: prepara o modelo: segmenta, anota, mede",
		"Read-only: {reason}": "Somente leitura: {reason}",
		"Reading the folder": "Lendo a pasta",
		"Reading the history…": "Lendo o histórico…",
		"Recording one turn: {n} %": "Gravando uma volta: {n} %",
		"Recovery code": "Código de recuperação",
		Redo: "Refazer",
		"Redo it": "Refazer",
		"Redo what you undid last (Ctrl+Shift+Z); never what others did": "Refazer o que você desfez por último (Ctrl+Shift+Z); nunca o que outros fizeram",
		Refused: "Recusados",
		"Region: box": "Região: caixa",
		"Region: ellipse": "Região: elipse",
		Regions: "Regiões",
		"Registered to within {n} mm.": "Registrado com erro de até {n} mm.",
		"Rehearsal, not the agreed plan": "Ensaio, não é o plano acordado",
		Rehearse: "Ensaiar",
		"Reload the page instead": "Recarregar a página",
		Remove: "Remover",
		"Remove the note of {name}": "Remover a nota de {name}",
		"Remove this point": "Remover este ponto",
		"Remove what is chosen": "Remover o escolhido",
		"Remove {name}": "Remover {name}",
		Rename: "Renomear",
		Reopen: "Reabrir",
		Reply: "Responder",
		"Reply about {subject}": "Responder sobre {subject}",
		"Reply; @Name mentions somebody": "Responder; @Nome menciona alguém",
		"Reply…": "Responder…",
		"Reset planes": "Repor os planos",
		Resolve: "Resolver",
		"Resolved by {name}": "Resolvido por {name}",
		Retry: "Tentar de novo",
		Return: "Devolver",
		"Return to draft": "Devolver a rascunho",
		"Return to the presenter": "Voltar ao apresentador",
		"Revision {revision}, {when}: {who} {what}": "Revisão {revision}, {when}: {who} {what}",
		"Right drag": "Arrastar com o direito",
		"Right drag, Ctrl wheel": "Arrastar com o direito, Ctrl + roda",
		Role: "Função",
		"Role of {name}": "Função de {name}",
		"Room chat": "Conversa da sala",
		"Rooms open by their invitation links. Ask the owner of a room for one.": "As salas abrem por seus links de convite. Peça um ao proprietário de uma sala.",
		SD: "DP",
		"SNOMED code": "Código SNOMED",
		Sagittal: "Sagital",
		Save: "Salvar",
		"Save version": "Salvar versão",
		"Saved {name}": "{name} salvo",
		"Say something about it": "Comentar",
		"Scale bar: {length}": "Barra de escala: {length}",
		Search: "Buscar",
		"Search what was said": "Buscar no que foi dito",
		"Search what was written": "Buscar no que foi escrito",
		Section: "Seção",
		Segment: "Segmento",
		"Segmented by": "Segmentado por",
		"Segmented on": "Segmentado em",
		Segments: "Segmentos",
		Select: "Selecionar",
		"Select {name} and show where it is": "Selecionar {name} e mostrar onde está",
		Send: "Enviar",
		"Send away": "Retirar",
		"Send away: closes their pages and ends their access": "Retirar: fecha as páginas e encerra o acesso",
		"Send {name} away": "Retirar {name}",
		"Send {name} away? Their pages close at once. What they did stays in the plan, under their name.": "Retirar {name}? As páginas dessa pessoa fecham imediatamente. O que ela fez permanece no plano, com o nome dela.",
		Sending: "Enviando",
		"Sending {files}": "Enviando {files}",
		"Sending, {n} percent": "Enviando, {n} por cento",
		Series: "Série",
		"Share with all": "Compartilhar com todos",
		Shared: "Compartilhado",
		Shift: "Deslocar",
		"Shift and move": "Shift e mover",
		"Shift drag": "Shift + arrastar",
		"Shift drag in a slice": "Shift + arrastar em um corte",
		"Shift the picture": "Deslocar a imagem",
		"Shift the picture of the pane": "Deslocar a imagem do painel",
		"Shift the view; so does the middle button": "Deslocar a vista; também com o botão do meio",
		"Shift {key}": "Shift {key}",
		Show: "Mostrar",
		"Show all": "Mostrar tudo",
		"Show alone": "Mostrar só este",
		"Show branch {name}": "Mostrar o ramo {name}",
		"Show it alone, or all again": "Mostrar só este, ou tudo de novo",
		"Show me": "Mostrar",
		"Show only what is chosen": "Mostrar só o escolhido",
		"Show only what is in a box": "Mostrar só o que está em uma caixa",
		"Show only {name}": "Mostrar só {name}",
		"Show or hide resolved comments": "Mostrar ou ocultar comentários resolvidos",
		"Show or hide resolved comments (Shift C)": "Mostrar ou ocultar comentários resolvidos (Shift C)",
		"Show or hide, for me": "Mostrar ou ocultar, para mim",
		"Show resolved": "Mostrar resolvidos",
		"Show the images along the chosen line or curve, made straight": "Mostrar as imagens ao longo da linha ou curva escolhida, retificadas",
		"Show the images in 3D": "Mostrar as imagens em 3D",
		"Show the others": "Mostrar as outras",
		"Show the others again": "Mostrar as outras de novo",
		"Show where it is": "Mostrar onde está",
		"Show where it is pinned": "Mostrar onde está fixado",
		"Show where {name} is": "Mostrar onde está {name}",
		"Show {name}": "Mostrar {name}",
		"Show {name} alone": "Mostrar só {name}",
		Shown: "Mostradas",
		"Shown side": "Lado mostrado",
		Sign: "Assinar",
		"Sign in": "Entrar",
		"Sign in again": "Entrar de novo",
		"Sign in with {name}": "Entrar com {name}",
		"Sign out": "Sair",
		"Sign out everywhere": "Sair em todos os dispositivos",
		"Signed by {name}, {role}, {time}": "Assinado por {name}, {role}, {time}",
		"Signed in as {name}": "Sessão de {name}",
		"Six planes are the most.": "Seis planos é o máximo.",
		Skin: "Pele",
		"Skip to the rooms": "Ir para as salas",
		"Skip to the view": "Ir para a vista",
		Skull: "Crânio",
		Slab: "Corte espesso",
		"Slab, window, oblique": "Espessura, janela, oblíquo",
		"Slice thickness": "Espessura de corte",
		"Slices are made by": "Os cortes são gerados por",
		"Slices only": "Só cortes",
		"Slices, lists and talk work without it.": "Cortes, listas e conversa funcionam sem ele.",
		"Soft tissue": "Partes moles",
		"Somebody else cut here": "Outra pessoa cortou aqui",
		"Sort by": "Ordenar por",
		"Source: no images": "Fonte: sem imagens",
		"Source: {modality} {series}": "Fonte: {modality} {series}",
		Space: "Espaço",
		Speed: "Velocidade",
		Stale: "Desatualizado",
		"Standard deviation": "Desvio padrão",
		Start: "Início",
		State: "Estado",
		Status: "Situação",
		Steps: "Etapas",
		Stop: "Parar",
		"Stop following": "Parar de seguir",
		"Stop following (Esc, or move the view)": "Parar de seguir (Esc, ou mover a vista)",
		"Stop following; so does moving the view": "Parar de seguir; também ao mover a vista",
		"Stop presenting": "Parar de apresentar",
		"Stop presenting (P)": "Parar de apresentar (P)",
		"Stop sharing": "Parar de compartilhar",
		"Straighten along {name}": "Retificar ao longo de {name}",
		Straightened: "Retificado",
		Structure: "Estrutura",
		"Structures stay in front: hide them in the list to see the images alone.": "As estruturas ficam na frente: oculte-as na lista para ver só as imagens.",
		Superseded: "Substituído",
		Surface: "Superfície",
		"Surface error": "Erro da superfície",
		Surfaces: "Superfícies",
		"Surfaces as STL": "Superfícies em STL",
		Surgeon: "Cirurgião",
		"Surgeon: plans: notes, measures, cuts, moves, signs": "Cirurgião: planeja: anota, mede, corta, move, assina",
		"Table (.csv)": "Tabela (.csv)",
		"Take back": "Retirar",
		"Take it with you": "Levar consigo",
		"Take over {n}": "Adotar {n}",
		"Take the last point back": "Retirar o último ponto",
		"Take this comment back": "Retirar este comentário",
		"Taken back.": "Retirado.",
		Talk: "Conversa",
		"Telling the server of {files}": "Informando o servidor de {files}",
		Text: "Texto",
		"Text of the comment": "Texto do comentário",
		"Text of the markup": "Texto da marcação",
		"Text of the note": "Texto da nota",
		"Texts, arrows and drawings": "Textos, setas e desenhos",
		"That cannot be done now": "Isso não pode ser feito agora",
		"That did not work": "Não funcionou",
		"That was too much": "Isso foi demais",
		"The graphics card let go of this view.": "A placa gráfica soltou esta vista.",
		"The history": "O histórico",
		"The history did not come: {reason}.": "O histórico não chegou: {reason}.",
		"The images along the chosen line or curve, made straight (Shift L)": "As imagens ao longo da linha ou curva escolhida, retificadas (Shift L)",
		"The images along the chosen line, made straight. A click brings the slices there.": "As imagens ao longo da linha escolhida, retificadas. Um clique leva os cortes até lá.",
		"The images could not be read. The plan works without them.": "Não foi possível ler as imagens. O plano funciona sem elas.",
		"The images of this case are not on this server.": "As imagens deste caso não estão neste servidor.",
		"The others see you as {name}.": "Os outros veem você como {name}.",
		"The past": "O passado",
		"The picture could not be made. Make the window smaller and try again.": "Não foi possível criar a imagem. Diminua a janela e tente de novo.",
		"The plan itself is safe. Check the connection, then try again.": "O plano está a salvo. Verifique a conexão e tente de novo.",
		"The plane misses {name}. Move it back over the surface.": "O plano não atinge {name}. Traga-o de volta sobre a superfície.",
		"The reader of volumes did not start in this browser.": "O leitor de volumes não iniciou neste navegador.",
		"The room is ready": "A sala está pronta",
		"The server": "O servidor",
		"The server answered with {status}.": "O servidor respondeu com {status}.",
		"The server answered with {status}. Load the page again.": "O servidor respondeu com {status}. Carregue a página de novo.",
		"The server cannot be reached. Nothing was changed; try again.": "Não há acesso ao servidor. Nada foi alterado; tente de novo.",
		"The two hold the same.": "As duas têm o mesmo conteúdo.",
		"The video could not be made. Nothing of the plan is lost.": "Não foi possível criar o vídeo. Nada do plano se perdeu.",
		"The view as it was at first, while the history is closed": "A vista como no início, com o histórico fechado",
		"The whole room: the log of every act, and every surface. Opens again elsewhere to the same state.": "A sala inteira: o registro de cada ato e todas as superfícies. Abre em outro lugar no mesmo estado.",
		"There are newer images of this patient": "Há imagens mais recentes deste paciente",
		"There is nothing here": "Não há nada aqui",
		"There was no file in what you dropped. Choose a folder, files or a zip.": "Não havia arquivo no que você soltou. Escolha uma pasta, arquivos ou um zip.",
		"They come from your network faster than anybody types. Wait a minute, then go on.": "Elas vêm da sua rede mais rápido do que alguém digita. Espere um minuto e continue.",
		"They have done nothing lately.": "Não fez nada recentemente.",
		"Thickness, mm": "Espessura, mm",
		Thin: "Fino",
		"This account may not come in.": "Esta conta não pode entrar.",
		"This browser": "Este navegador",
		"This browser cannot draw in 3D.": "Este navegador não consegue desenhar em 3D.",
		"This browser cannot record video. Use a current Chrome, Edge or Firefox.": "Este navegador não grava vídeo. Use um Chrome, Edge ou Firefox atual.",
		"This came from another page": "Isto veio de outra página",
		"This code is not right, or was used.": "Este código não está certo ou já foi usado.",
		"This device is slow at making slices.": "Este dispositivo é lento para gerar cortes.",
		"This is a Commissure server": "Este é um servidor Commissure",
		"This is a fault of our own. Whoever runs the server finds it in the log under {number}.": "É uma falha nossa. Quem administra o servidor a encontra no registro sob {number}.",
		"This is drawn in a slice: click in one of the slices.": "Isto se desenha em um corte: clique em um dos cortes.",
		"This is how the plan was. Go back to now to change it.": "Assim era o plano. Volte ao agora para alterá-lo.",
		"This link does not open a room": "Este link não abre uma sala",
		"This link does not open the import": "Este link não abre a importação",
		"This link does not open the rooms": "Este link não abre as salas",
		"This list": "Esta lista",
		"This name or password is not right.": "Este nome ou esta senha não está certo.",
		"This page needs JavaScript to send files.": "Esta página precisa de JavaScript para enviar arquivos.",
		"This plan": "Este plano",
		"This structure": "Esta estrutura",
		"This view": "Esta vista",
		"Through the crosshair": "Pela mira",
		"Tilt off {plane}": "Inclinação do plano {plane}",
		"Time for a message to the server and back": "Tempo de uma mensagem até o servidor e de volta",
		Tissue: "Tecido",
		Title: "Título",
		"Title of the case": "Título do caso",
		To: "Para",
		"To bring in images, open an import link. Whoever runs this server gives them out.": "Para trazer imagens, abra um link de importação. Quem administra este servidor os fornece.",
		Together: "Em conjunto",
		"Too large for this browser: what stands still comes from the server in full resolution.": "Grande demais para este navegador: o que está parado vem do servidor em resolução plena.",
		"Too many attempts. Wait {n} minutes, then try again.": "Tentativas demais. Espere {n} minutos e tente de novo.",
		"Too many attempts. Wait {n} seconds, then try again.": "Tentativas demais. Espere {n} segundos e tente de novo.",
		"Too many requests": "Solicitações demais",
		Tools: "Ferramentas",
		"Towards {side}": "Para {side}",
		Trainee: "Residente",
		"Trainee: notes, measures, proposes planes; cuts nothing": "Residente: anota, mede, propõe planos; não corta",
		Triangles: "Triângulos",
		"Try again": "Tentar de novo",
		"Try now": "Tentar agora",
		"Trying again… what you did last is kept.": "Tentando de novo… o que você fez por último está guardado.",
		"Turn the view": "Girar a vista",
		"Turn, whatever is under the pointer": "Girar, seja o que for que esteja sob o ponteiro",
		"Turntable video of 3D": "Vídeo do 3D girando",
		"Twin A": "Gêmeo A",
		"Twin B": "Gêmeo B",
		"Twin {letter}": "Gêmeo {letter}",
		"Two different people sign; the second signature approves": "Duas pessoas diferentes assinam; a segunda assinatura aprova",
		"Type numbers only: mm and degrees.": "Digite somente números: mm e graus.",
		"Type one of the codes that you were given with your second factor. It works once.": "Digite um dos códigos que você recebeu com o segundo fator. Ele vale uma vez.",
		Undecided: "Indefinido",
		Undo: "Desfazer",
		"Undo what you did last (Ctrl+Z); never what others did": "Desfazer o que você fez por último (Ctrl+Z); nunca o que outros fizeram",
		"Undo your last change": "Desfazer a sua última alteração",
		Unlock: "Desbloquear",
		"Unnamed case": "Caso sem nome",
		"Up to {size} and {files}.": "Até {size} e {files}.",
		"Use my own": "Usar o meu",
		"Use the authenticator": "Usar o autenticador",
		"Use what is shared": "Usar o compartilhado",
		"Value {n}": "Valor {n}",
		Vein: "Veia",
		Version: "Versão",
		Versions: "Versões",
		"View from {side}": "Vista de {side}",
		"View only": "Só ver",
		Volume: "Volume",
		"Volume laid over it": "Volume sobreposto",
		"Volume shown": "Volume mostrado",
		Volumes: "Volumes",
		Voxel: "Voxel",
		Voxels: "Voxels",
		"W {width} L {level}": "W {width} L {level}",
		"Ways of looking": "Modos de ver",
		"WebGL 2 is missing or switched off. Turn on hardware acceleration, or use a current Chrome, Edge, Firefox or Safari.": "WebGL 2 não existe ou está desligado. Ligue a aceleração por hardware, ou use um Chrome, Edge, Firefox ou Safari atual.",
		"What happened": "O que aconteceu",
		"What is different": "O que é diferente",
		"What is to be discussed here?": "O que há para discutir aqui?",
		"What matters about it (optional)": "O que importa nela (opcional)",
		"What should the others know here?": "O que os outros devem saber aqui?",
		"What to draw": "O que desenhar",
		"What to measure": "O que medir",
		Wheel: "Roda",
		"Where the others look from": "De onde os outros olham",
		"While editing: move the point by half a millimetre": "Ao editar: mover o ponto meio milímetro",
		"While editing: put a point after the chosen one": "Ao editar: pôr um ponto depois do escolhido",
		"While editing: remove the point": "Ao editar: remover o ponto",
		"While placing: move the crosshair by half a millimetre, with Shift by five": "Ao pôr pontos: mover a mira meio milímetro, com Shift cinco",
		"Who did what and when: a table for people, or every entry for programs.": "Quem fez o quê e quando: uma tabela para pessoas, ou todas as entradas para programas.",
		"Who is here": "Quem está aqui",
		"Whoever has a link may join with its role. Pass it on over a channel you trust.": "Quem tiver um link pode entrar com a função dele. Envie-o por um canal em que você confia.",
		"Whole room (.commissure)": "Sala inteira (.commissure)",
		"Whom it is for (optional)": "Para quem é (opcional)",
		"Whom the link is for": "Para quem é o link",
		"Whose activity": "Atividade de quem",
		"Whose left is left": "De quem é a esquerda",
		"Why it goes back": "Por que volta",
		"Why the version goes back to draft": "Por que a versão volta a rascunho",
		Wide: "Larga",
		Width: "Largura",
		Window: "Janela",
		"Window of {name}": "Janela de {name}",
		Withdraw: "Revogar",
		"Withdraw the link for {role}": "Revogar o link para {role}",
		"Without description": "Sem descrição",
		"Write the text, then press Enter": "Escreva o texto e tecle Enter",
		"You are not signed in": "Você não está com a sessão iniciada",
		"You are not signed in here": "Você não entrou aqui",
		"You are offline: the images come when the connection is back.": "Você está offline: as imagens vêm quando a conexão voltar.",
		"You follow": "Você segue",
		"You have no account here. Ask whoever runs this server for one; the provider knows you as {subject}.": "Você não tem conta aqui. Peça uma a quem administra este servidor; o provedor conhece você como {subject}.",
		"You join as a patient: you see the anatomy and the plan.": "Você entra como paciente: vê a anatomia e o plano.",
		"You join as a radiologist: you prepare the model, pin notes and measure.": "Você entra como radiologista: prepara o modelo, fixa notas e mede.",
		"You join as a surgeon: you can pin notes, measure, cut and move.": "Você entra como cirurgião: pode fixar notas, medir, cortar e mover.",
		"You join as a trainee: you pin notes, measure and propose planes.": "Você entra como residente: fixa notas, mede e propõe planos.",
		"You join as an observer: you see everything and change nothing.": "Você entra como observador: vê tudo e não altera nada.",
		"You join as the owner: you can plan, and invite others.": "Você entra como proprietário: pode planejar e convidar outros.",
		"You look around yourself now. Press R to return to {name}.": "Agora você olha por conta própria. Tecle R para voltar a {name}.",
		"You look at the past; the lists here show the plan as it is now.": "Você está vendo o passado; as listas aqui mostram o plano como está agora.",
		"You no longer follow {name}.": "Você não segue mais {name}.",
		"You open it as its owner, who can invite others.": "Você a abre como proprietário, que pode convidar outros.",
		"You present": "Você apresenta",
		"You see as {name} clips, while you follow.": "Você vê o recorte de {name} enquanto segue.",
		"You see the plan as it was on {time}, revision {n}": "Você vê o plano como era em {time}, revisão {n}",
		"You see the plan as it was, revision {n}": "Você vê o plano como era, revisão {n}",
		"You {did}. That replaced what {name} did{age}: {theirs}.": "Você: {did}. Isso substituiu o que {name} fez{age}: {theirs}.",
		"Your name, as the others shall see it": "Seu nome, como os outros o verão",
		"Your role reads along and does not write.": "A sua função lê e não escreve.",
		"Your role takes nothing out of the room. Ask its owner for another one.": "A sua função não leva nada da sala. Peça outra ao proprietário.",
		"Your rooms": "Suas salas",
		"Zoom at the pointer": "Zoom no ponteiro",
		"Zoom the pane at the crosshair": "Ampliar ou reduzir o painel na mira",
		"Zoom the slice": "Zoom no corte",
		added: "acrescentado",
		annotating: "marcando",
		anterior: "anterior",
		"any number": "qualquer número",
		"as fast as it goes": "o mais rápido possível",
		"as scanned": "como adquirido",
		"asks to present": "pede para apresentar",
		away: "ausente",
		axial: "axial",
		"being computed": "em cálculo",
		bottom: "embaixo",
		"branch {name}": "ramo {name}",
		"by {name}": "por {name}",
		byte: "byte",
		bytes: "bytes",
		changed: "alterado",
		"click follows, right click for more": "clique segue, clique direito para mais",
		closed: "fechada",
		commenting: "comentando",
		"computing…": "calculando…",
		coronal: "coronal",
		cut: "cortado",
		cutting: "cortando",
		"date not given": "data não informada",
		edited: "editado",
		editing: "editando",
		"editing: {name}": "editando: {name}",
		"five people": "cinco pessoas",
		"for 30 days": "por 30 dias",
		"for a day": "por um dia",
		"for a week": "por uma semana",
		"from the images": "a partir das imagens",
		"from {version}": "a partir de {version}",
		"has locked {name}": "bloqueou {name}",
		hidden: "oculto",
		idle: "inativo",
		"in place": "no lugar",
		inferior: "inferior",
		"is editing {name}": "está editando {name}",
		"is moving {name}": "está movendo {name}",
		"just now": "agora mesmo",
		left: "esquerda",
		"let in: {names}": "entraram: {names}",
		measuring: "medindo",
		"mm towards {side}": "mm para {side}",
		moving: "movendo",
		"no description": "sem descrição",
		"not given": "não informado",
		"not known how": "não se sabe como",
		"nothing is cut": "nada é cortado",
		noting: "anotando",
		now: "agora",
		observer: "observador",
		"on {branch}": "em {branch}",
		"one person": "uma pessoa",
		open: "aberta",
		"or Enter at the crosshair": "ou Enter na mira",
		owner: "proprietário",
		patient: "paciente",
		posterior: "posterior",
		presents: "apresenta",
		radiologist: "radiologista",
		removed: "removido",
		right: "direita",
		sagittal: "sagital",
		"sharpening …": "refinando …",
		shown: "em exibição",
		"signed by {name}, {role}, {when}": "assinado por {name}, {role}, {when}",
		"slice thickness not given": "espessura de corte não informada",
		"slices {n} mm thick": "cortes de {n} mm de espessura",
		"slices {thickness}": "cortes de {thickness}",
		"somebody unknown": "alguém desconhecido",
		superior: "superior",
		surgeon: "cirurgião",
		"taken back": "retirado",
		top: "em cima",
		trainee: "residente",
		"turn °": "giro °",
		"until withdrawn": "até ser revogado",
		untitled: "sem título",
		"voxel {size}": "voxel {size}",
		"voxel {size} mm": "voxel {size} mm",
		"waiting: nothing is cut yet": "em espera: nada foi cortado ainda",
		you: "você",
		"you follow {name}": "você segue {name}",
		"you look around yourself": "você olha por conta própria",
		"{branch}, as it is now": "{branch}, como está agora",
		"{did} after you. That replaced what you did{age}: {yours}.": "{did} depois de você. Isso substituiu o que você fez{age}: {yours}.",
		"{done} of {total}": "{done} de {total}",
		"{engine} from {n} HU": "{engine} a partir de {n} HU",
		"{files} set aside: {reasons}.": "{files} deixados de lado: {reasons}.",
		"{files} so far": "{files} até agora",
		"{files}, {size}: {share} % is on the server already. Choose the same files again, and the rest is sent.": "{files}, {size}: {share} % já está no servidor. Escolha os mesmos arquivos de novo, e o resto é enviado.",
		"{label} ({key})": "{label} ({key})",
		"{label}, revision {n}": "{label}, revisão {n}",
		"{label}: not the agreed plan": "{label}: não é o plano acordado",
		"{mean}, SD {sd}": "{mean}, DP {sd}",
		"{mm} mm before": "{mm} mm à frente",
		"{mm} mm behind": "{mm} mm atrás",
		"{mode} {n} mm": "{mode} {n} mm",
		"{names} could not be loaded.": "Não foi possível carregar {names}.",
		"{name} by {author}": "{name} de {author}",
		"{name} edits": "{name} edita",
		"{name} edits this now": "{name} está editando isto agora",
		"{name} is on": "{name} está ligado",
		"{name} is whole. Only pieces that a cut has made can be moved.": "{name} está inteiro. Só peças feitas por um corte podem ser movidas.",
		"{name} placed": "Posto: {name}",
		"{name} placed: {value}": "Posto: {name}, {value}",
		"{name} presents": "{name} apresenta",
		"{name} shares another clipping. You use your own.": "{name} compartilha outro recorte. Você usa o seu.",
		"{name} slice. Arrow keys move the crosshair, Page keys scroll, Enter places a point.": "Corte {name}. As setas movem a mira, Page Up e Page Down passam os cortes, Enter põe um ponto.",
		"{name} slice. Arrow keys scroll. Press ? for the keys.": "Corte {name}. As setas percorrem. Tecle ? para ver as teclas.",
		"{name} · {doing}": "{name} · {doing}",
		"{name}, oblique": "{name}, oblíquo",
		"{name}, tilted {n}°": "{name}, inclinado {n}°",
		"{name}: back to all panes": "{name}: voltar a todos os painéis",
		"{name}: double-click shows it alone": "{name}: clique duplo mostra só este",
		"{name}: fill the view": "{name}: ocupar a vista",
		"{name}: slab, window, oblique": "{name}: espessura, janela, oblíquo",
		"{name}: {how}, by {author}": "{name}: {how}, por {author}",
		"{n} %": "{n} %",
		"{n} HU": "{n} HU",
		"{n} changes since": "{n} alterações desde então",
		"{n} d ago": "há {n} d",
		"{n} files": "{n} arquivos",
		"{n} follow": "{n} seguem",
		"{n} h": "{n} h",
		"{n} h ago": "há {n} h",
		"{n} hidden": "{n} ocultos",
		"{n} members are on another branch": "{n} membros estão em outro ramo",
		"{n} min": "{n} min",
		"{n} min ago": "há {n} min",
		"{n} mm": "{n} mm",
		"{n} more are not shown.": "Outros {n} não são mostrados.",
		"{n} more without a registration: they cannot be laid where the anatomy is.": "Outros {n} sem registro: não podem ser postos onde está a anatomia.",
		"{n} of {all} rooms are shown": "{n} de {all} salas são mostradas",
		"{n} open comments": "{n} comentários abertos",
		"{n} resolved hidden": "{n} resolvidos, ocultos",
		"{n} resolved shown": "{n} resolvidos, à vista",
		"{n} volumes found: choose one": "{n} volumes encontrados: escolha um",
		"{n} waiting": "{n} em espera",
		"{plan} · as it was then": "{plan} · como era então",
		"{plan} · branch {branch}": "{plan} · ramo {branch}",
		"{rate}/s · {time} left": "{rate}/s · faltam {time}",
		"{side} {n} mm": "{side} {n} mm",
		"{slices} slices of {columns} × {rows} · {spacing} mm": "{slices} cortes de {columns} × {rows} · {spacing} mm",
		"{taken} · lag {n} ms": "{taken} · latência {n} ms",
		"{taken} · not connected": "{taken} · sem conexão",
		"{tool}: {kind} ({key})": "{tool}: {kind} ({key})",
		"{what} · shared by {name}": "{what} · compartilhado por {name}",
		"{what}; received {when}": "{what}; recebido {when}",
		"“{title}” is back.": "“{title}” está de volta."
	},
	es: {
		" just before": " justo antes",
		" {span} earlier": " {span} antes",
		"1 change since": "1 cambio desde entonces",
		"1 file": "1 archivo",
		"1 follows": "1 sigue",
		"1 member is on another branch": "1 miembro está en otra rama",
		"1 open comment": "1 comentario abierto",
		"3D": "3D",
		"3D and one slice": "3D y un corte",
		"3D large, three slices": "3D grande, tres cortes",
		"3D only": "Solo 3D",
		"3D view of the anatomy. Arrow keys move the crosshair, Enter places a point on the surface.": "Vista 3D de la anatomía. Las flechas mueven la retícula, Intro pone un punto en la superficie.",
		"3D view of the anatomy. Press ? for the keys.": "Vista 3D de la anatomía. Pulse ? para ver las teclas.",
		"95 % within {p95}, at most {most}": "95 % hasta {p95}, como máximo {most}",
		"@ names somebody · Enter sends · Esc cancels": "@ menciona a alguien · Intro envía · Esc cancela",
		"A file was changed, moved or removed while it was sent. Choose the files again.": "Un archivo se cambió, movió o eliminó durante el envío. Elija los archivos de nuevo.",
		"A lost connection costs nothing: the upload goes on where it stood.": "Perder la conexión no cuesta nada: el envío sigue donde estaba.",
		"A path stays on one surface, here {name}.": "Un recorrido queda en una sola superficie, aquí {name}.",
		"A point is here already: move the crosshair on.": "Ya hay un punto aquí: mueva la retícula.",
		"A recovery code": "Un código de recuperación",
		"A study or series of CT or MR as DICOM. What is in there is looked at before anything is opened.": "Un estudio o una serie de TC o RM en DICOM. Se examina lo que contiene antes de abrir nada.",
		"About {name}": "Acerca de {name}",
		Acquired: "Adquirida el",
		Activity: "Actividad",
		"Add a plane": "Añadir plano",
		"Add a plane: what lies before it goes out of sight, for you.": "Añada un plano: lo que queda delante desaparece, para usted.",
		Adjust: "Ajustar",
		"All slices follow the pointer": "Todos los cortes siguen el puntero",
		"An upload is unfinished": "Un envío está sin terminar",
		Angio: "Angio",
		Angle: "Ángulo",
		Angles: "Ángulos",
		Annotate: "Marcar",
		"Annotate; again: its menu": "Anotar; de nuevo: su menú",
		"Another branch": "Otra rama",
		"Another site sent it, or a page that was open for too long. Load the page again.": "Lo envió otro sitio, o una página abierta demasiado tiempo. Cargue la página de nuevo.",
		"Anybody with the right may change it": "Cualquiera con permiso puede cambiarlo",
		Approved: "Aprobado",
		"Approved by two people. The next change makes it an unsigned draft again; the approved version stays as it is.": "Aprobado por dos personas. El próximo cambio lo convierte de nuevo en un borrador sin firmar; la versión aprobada queda como está.",
		"Approved plan: {label}": "Plan aprobado: {label}",
		Archive: "Archivo",
		Area: "Área",
		Areas: "Áreas",
		Arrow: "Flecha",
		Artery: "Arteria",
		"As set": "Como está fijada",
		"As soon as a segment is added it is shown here, for everybody.": "En cuanto se añada un segmento, aparece aquí, para todos.",
		"As {role} you may not do this. Ask the owner of the room for another role.": "Como {role}, usted no puede hacer esto. Pida otra función al propietario de la sala.",
		"As {role} you may not present.": "Como {role}, usted no puede presentar.",
		"Ask for review": "Pedir revisión",
		"Ask to present": "Pedir presentar",
		"Ask to present (P)": "Pedir presentar (P)",
		"Ask whoever sent it for a new one.": "Pida uno nuevo a quien se lo envió.",
		"Asked to present": "Petición enviada",
		Automatic: "Automática",
		Axial: "Axial",
		Back: "Volver",
		"Back to all panes (Shift F)": "Volver a todos los paneles (Mayús F)",
		"Back to now": "Volver a ahora",
		"Back to place": "De vuelta a su sitio",
		"Back to the talk": "Volver a la conversación",
		Blend: "Mezcla",
		"Blood vessel": "Vaso sanguíneo",
		Bone: "Hueso",
		Box: "Caja",
		"Box from, towards {side}, mm": "Inicio de la caja, hacia {side}, mm",
		"Box to, towards {side}, mm": "Fin de la caja, hacia {side}, mm",
		Brain: "Encéfalo",
		Branch: "Rama",
		"Branch from here": "Ramificar desde aquí",
		"Branch of the plan": "Rama del plan",
		"Branch {name}": "Rama {name}",
		Branches: "Ramas",
		"Brightest (MIP)": "Máxima (MIP)",
		"Brightness up and down, contrast to the sides": "Brillo arriba y abajo, contraste a los lados",
		"Bring in images": "Traer imágenes",
		"Bring in more images": "Traer más imágenes",
		"Bring what is chosen into view, or everything": "Encuadrar lo elegido, o todo",
		"By SNOMED code": "Por código SNOMED",
		"By group": "Por grupo",
		"By owner": "Por dueño",
		"CT angio": "Angio-TC",
		"CT bone": "TC hueso",
		Cancel: "Cancelar",
		"Cancel? What was sent so far is deleted on the server.": "¿Cancelar? Lo enviado hasta ahora se borra en el servidor.",
		Cancelled: "Cancelado",
		Case: "Caso",
		"Case, plan, frame, scale, source and the warnings are burnt in below it.": "Caso, plan, marco, escala, origen y avisos quedan grabados debajo.",
		"Case: {title}": "Caso: {title}",
		Change: "Cambiar",
		"Change a copy": "Cambiar una copia",
		"Changed {date}": "Cambiada el {date}",
		"Checked: the plan holds": "Comprobado: el plan se mantiene",
		Choose: "Elegir",
		"Choose a line to straighten along": "Elija una línea para rectificar",
		"Choose a structure first. I shows it alone, and I again brings back the others.": "Elija primero una estructura. I la muestra sola, e I de nuevo devuelve las demás.",
		"Choose files": "Elegir archivos",
		"Choose folder": "Elegir carpeta",
		"Choose the next structure": "Elegir la estructura siguiente",
		"Choose the structure before": "Elegir la estructura anterior",
		"Choose {name}": "Elegir {name}",
		"Chosen differences are made as they are in {version}; one undo takes it all back.": "Las diferencias elegidas quedan como en {version}; un solo deshacer lo revierte todo.",
		Clear: "Limpiar",
		Click: "Clic",
		"Click a corner of the box": "Haga clic en una esquina de la caja",
		"Click a piece that a cut has made. Arrows shift it, rings turn it.": "Haga clic en una pieza hecha por un corte. Las flechas la desplazan, los anillos la giran.",
		"Click a point of the first leg": "Haga clic en un punto del primer lado",
		"Click a point of the other leg": "Haga clic en un punto del otro lado",
		"Click another structure than the first.": "Haga clic en una estructura distinta de la primera.",
		"Click how wide it is; Enter makes a circle": "Haga clic en su anchura; Intro hace un círculo",
		"Click the centre of the region in a slice": "Haga clic en el centro de la región en un corte",
		"Click the end of its first half axis": "Haga clic en el extremo del primer semieje",
		"Click the first end of the line": "Haga clic en el primer extremo de la línea",
		"Click the first point of the outline": "Haga clic en el primer punto del contorno",
		"Click the first structure": "Haga clic en la primera estructura",
		"Click the next point": "Haga clic en el punto siguiente",
		"Click the next point on the same structure": "Haga clic en el punto siguiente de la misma estructura",
		"Click the next point; Enter finishes": "Haga clic en el punto siguiente; Intro termina",
		"Click the next point; the first one or Enter closes": "Haga clic en el punto siguiente; el primero o Intro cierra",
		"Click the opposite corner": "Haga clic en la esquina opuesta",
		"Click the other end": "Haga clic en el otro extremo",
		"Click the second structure": "Haga clic en la segunda estructura",
		"Click the vertex of the angle": "Haga clic en el vértice del ángulo",
		"Click what it points to": "Haga clic en lo que señala",
		"Click where the arrow begins": "Haga clic donde empieza la flecha",
		"Click where the path begins": "Haga clic donde empieza el recorrido",
		"Click where the point goes": "Haga clic donde va el punto",
		"Click where the text goes": "Haga clic donde va el texto",
		"Clipped by a box; nothing is cut": "Recortado por una caja; no se ha cortado nada",
		"Clipped by one plane and a box; nothing is cut": "Recortado por un plano y una caja; no se ha cortado nada",
		"Clipped by one plane; nothing is cut": "Recortado por un plano; no se ha cortado nada",
		"Clipped by {name}": "Recortado por {name}",
		"Clipped by {name}, for all.": "Recortado por {name}, para todos.",
		"Clipped by {n} planes and a box; nothing is cut": "Recortado por {n} planos y una caja; no se ha cortado nada",
		"Clipped by {n} planes; nothing is cut": "Recortado por {n} planos; no se ha cortado nada",
		"Clipped, for all": "Recortado, para todos",
		"Clipped, for you": "Recortado, para usted",
		Close: "Cerrar",
		"Close (T)": "Cerrar (T)",
		"Close the history": "Cerrar el historial",
		"Close the inspector": "Cerrar el inspector",
		"Close the lists": "Cerrar las listas",
		"Close the straightened view": "Cerrar la vista rectificada",
		"Code of six digits": "Código de seis cifras",
		"Code {code}, not in the table": "Código {code}, fuera de la tabla",
		Colour: "Color",
		Colours: "Colores",
		Comment: "Comentario",
		"Comment {n}": "Comentario {n}",
		"Comment {n} by {name}, replies: {replies}": "Comentario {n} de {name}, respuestas: {replies}",
		"Comment {n} by {name}, resolved, replies: {replies}": "Comentario {n} de {name}, resuelto, respuestas: {replies}",
		Comments: "Comentarios",
		Compare: "Comparar",
		"Compare with now": "Comparar con ahora",
		Completed: "Terminado",
		"Connecting…": "Conectando…",
		"Connection lost": "Conexión perdida",
		"Connection lost, trying again": "Conexión perdida, intentando de nuevo",
		"Connection lost.": "Conexión perdida.",
		"Connection lost. Trying again in {n} s.": "Conexión perdida. Se intenta de nuevo en {n} s.",
		"Connection lost. Trying again now.": "Conexión perdida. Intentando de nuevo ahora.",
		"Coordinates are the patient's own: left, posterior, superior, in mm": "Las coordenadas son del propio paciente: izquierda, posterior, superior, en mm",
		Copied: "Copiado",
		Copy: "Copiar",
		"Copy text": "Copiar texto",
		"Copy value": "Copiar valor",
		Coronal: "Coronal",
		"Crosshair at {place}": "Retícula en {place}",
		Cut: "Cortar",
		"Cut along {name}": "Cortar por {name}",
		Cuts: "Cortes",
		"Cutting…": "Cortando…",
		"Darkest (MinIP)": "Mínima (MinIP)",
		"Degrees about the axis towards {side}": "Grados en torno al eje hacia {side}",
		Delete: "Eliminar",
		"Delete {title}": "Eliminar {title}",
		"Delete “{title}”?": "¿Eliminar “{title}”?",
		"Deleted “{title}”.": "Se eliminó “{title}”.",
		"Depth cues": "Indicios de profundidad",
		"Description of the new version": "Descripción de la nueva versión",
		Discard: "Descartar",
		"Discard and choose others": "Descartar y elegir otros",
		"Discard it": "Descartar",
		Dismiss: "Descartar",
		Distance: "Distancia",
		Distances: "Distancias",
		"Distances along the surface": "Distancias por la superficie",
		Do: "Hacer",
		Done: "Listo",
		"Download as a table (.csv)": "Descargar como tabla (.csv)",
		"Download the room": "Descargar la sala",
		"Download {name} as STL": "Descargar {name} en STL",
		Draft: "Borrador",
		Drag: "Arrastrar",
		"Drag in a slice": "Arrastrar en un corte",
		"Drag its faces": "Arrastrar sus caras",
		"Drag its points. Enter goes to the next point, arrow keys move it, Del removes it.": "Arrastre sus puntos. Intro va al siguiente, las flechas lo mueven, Supr lo elimina.",
		"Drag the arrow to shift, a knob to tilt. Esc leaves it in place.": "Arrastre la flecha para desplazar, un botón para inclinar. Esc lo deja en su sitio.",
		"Draw with the button held down; right-drag turns the view": "Dibuje con el botón pulsado; arrastrar con el derecho gira la vista",
		"Drop a CT or MR study on this page to make the first one, or open an invitation link.": "Suelte un estudio de TC o RM en esta página para crear la primera, o abra un enlace de invitación.",
		"Drop files, a folder or a zip here": "Suelte archivos, una carpeta o un zip aquí",
		"Dura mater": "Duramadre",
		Edit: "Editar",
		"Edit points": "Editar puntos",
		"Edit text…": "Editar texto…",
		"Edit the points of the chosen markup": "Editar los puntos de la marca elegida",
		End: "Fin",
		"Enter saves · Esc cancels": "Intro guarda · Esc cancela",
		"Entries (.jsonl)": "Entradas (.jsonl)",
		"Every measurement of this branch, with its uncertainty, and every volume.": "Todas las medidas de esta rama, con su incertidumbre, y todos los volúmenes.",
		"Every version made on the older ones is stale until somebody has checked.": "Toda versión hecha con las anteriores queda obsoleta hasta que alguien la compruebe.",
		Everybody: "Todos",
		"Everybody follows your view": "Todos siguen su vista",
		"Everybody in the room reads it. Never a patient’s name.": "Todos en la sala lo leen. Nunca el nombre de un paciente.",
		"Everybody who is in it is shown out. You can undo this for 30 seconds; after that, whoever runs the server can bring the room back until it is purged.": "Se hace salir a todos los que están en ella. Puede deshacerlo durante 30 segundos; después, quien administra el servidor puede recuperar la sala hasta que se borre del todo.",
		Export: "Exportar",
		"Face this view": "De cara a esta vista",
		"Files go to this server only.": "Los archivos van solo a este servidor.",
		"Fill the view (Shift F)": "Llenar la vista (Mayús F)",
		Finish: "Terminar",
		"Fit to what is visible": "Ajustar a lo visible",
		Flagged: "Marcado",
		Flip: "Invertir",
		"Flip {name}": "Invertir {name}",
		Follow: "Seguir",
		"Follow {name}": "Seguir a {name}",
		Following: "Siguiendo",
		"For how many": "Para cuántos",
		Found: "Encontrado",
		"Four alike": "Cuatro iguales",
		Fragments: "Fragmentos",
		Frame: "Marco de referencia",
		"Frame: as scanned": "Marco: tal como se adquirió",
		"Frame: as scanned · LPS, mm": "Marco: tal como se adquirió · LPS, mm",
		"Frame: twin {letter} · the twin's own L, P and S, mm": "Marco: gemelo {letter} · L, P y S propios del gemelo, mm",
		Freehand: "A mano alzada",
		"Freehand is drawn with a pointer. An area or a path can be placed with keys.": "A mano alzada se dibuja con un puntero. Un área o un camino se puede poner con el teclado.",
		From: "De",
		"From anterior, posterior": "Desde anterior, posterior",
		"From left, right": "Desde la izquierda, la derecha",
		"From superior, inferior": "Desde superior, inferior",
		"Gap between two": "Separación entre dos",
		"Gaps between segments": "Separaciones entre segmentos",
		"Ghost side": "Lado fantasma",
		"Go on": "Continuar",
		"Good for": "Válido",
		Group: "Grupo",
		"Group the segments": "Agrupar los segmentos",
		"Hand over": "Ceder",
		"Hand over to {name}": "Ceder a {name}",
		"Hand the view over": "Ceder la presentación",
		"Hidden: {names}": "Ocultos: {names}",
		Hide: "Ocultar",
		"Hide all": "Ocultar todo",
		"Hide resolved": "Ocultar resueltos",
		"Hide {name}": "Ocultar {name}",
		History: "Historial",
		"History (.csv)": "Historial (.csv)",
		"History of the plan (T)": "Historial del plan (T)",
		"How each segment was made": "Cómo se hizo cada segmento",
		"I have an account: sign in": "Tengo una cuenta: iniciar sesión",
		"I have no authenticator here": "No tengo aquí el autenticador",
		Images: "Imágenes",
		"Images are loading …": "Las imágenes se están cargando …",
		"Images loaded": "Imágenes cargadas",
		"Import images": "Importar imágenes",
		"In 3D": "En 3D",
		"In 3D: turn the view by 10 degrees": "En 3D: girar la vista 10 grados",
		"In a slice: all slices go there": "En un corte: todos los cortes van allí",
		"In mm, LPS, where they are placed now.": "En mm, LPS, en la posición que tienen ahora.",
		"In progress": "En curso",
		"In review": "En revisión",
		"Insert a point after it": "Insertar un punto después",
		"Insert a point here": "Insertar un punto aquí",
		Invite: "Invitar",
		"Invite somebody": "Invitar a alguien",
		"It comes back by itself in a moment. Nothing of the plan is lost.": "Vuelve por sí sola en un momento. No se ha perdido nada del plan.",
		"It is shown once: copy it now.": "Se muestra una sola vez: cópielo ahora.",
		"It is too late to undo this here. Whoever runs the server can still bring the room back.": "Es demasiado tarde para deshacerlo aquí. Quien administra el servidor aún puede recuperar la sala.",
		"It is unknown or has run out. Start the server again for a new one.": "Es desconocido o ha caducado. Reinicie el servidor para obtener uno nuevo.",
		"It was begun in 3D: go on there.": "Se empezó en 3D: continúe allí.",
		"It was begun on another slice: go on there, or press Escape.": "Se empezó en otro corte: continúe allí o pulse Escape.",
		"Join the room": "Entrar en la sala",
		"Joining the room…": "Entrando en la sala…",
		"Jump here": "Ir aquí",
		"Jump to the view of {name}": "Ir a la vista de {name}",
		"Jump to their view": "Ir a su vista",
		Keep: "Mantener",
		"Keep it": "Conservarla",
		Keys: "Teclas",
		"Keys ?": "Teclas ?",
		"LPS, as scanned": "LPS, tal como se adquirió",
		"LPS, mm, as scanned": "LPS, mm, tal como se adquirió",
		"Laid over it": "Superpuesto",
		"Laid over: {name}, registration error not known": "Superpuesto: {name}, error de registro desconocido",
		"Laid over: {name}, registration error {n} mm": "Superpuesto: {name}, error de registro {n} mm",
		Language: "Idioma",
		"Last changed": "Último cambio",
		"Last opened": "Última apertura",
		Layout: "Disposición",
		"Layout of the panes": "Disposición de los paneles",
		"Layout of the panes (Shift 1 to 5)": "Disposición de los paneles (Mayús 1 a 5)",
		"Layout: 3D large, four alike, 3D only, 3D and one slice, slices only": "Disposición: 3D grande, cuatro iguales, solo 3D, 3D y un corte, solo cortes",
		"Least distance": "Distancia mínima",
		Leave: "Dejar",
		"Leave whole": "Dejar enteros",
		"Leave whole when clipping": "Dejar entero al recortar",
		Length: "Longitud",
		"Let go of it": "Soltar",
		"Let the pane fill the view, or bring back the others; so does a double click": "El panel llena la vista, o vuelven los otros; también con doble clic",
		Level: "Nivel",
		Line: "Línea",
		"Link for a surgeon": "Enlace para un cirujano",
		"Link for {role}": "Enlace para {role}",
		"Links that still work": "Enlaces que aún funcionan",
		Lists: "Listas",
		"Lists of the plan": "Listas del plan",
		Liver: "Hígado",
		Loaded: "Cargadas",
		"Loading anatomy {n}/{all}": "Cargando anatomía {n}/{all}",
		Lock: "Bloquear",
		"Locked by {name}": "Bloqueado por {name}",
		Look: "Mirar",
		"Look around yourself (Esc, or move the view)": "Mirar por su cuenta (Esc, o mover la vista)",
		"Look inside": "Ver por dentro",
		"Look inside: clip planes and box": "Ver por dentro: planos y caja de recorte",
		"Look of the images in 3D": "Aspecto de las imágenes en 3D",
		"Look through the eyes of the presenter again (R)": "Ver de nuevo con los ojos del presentador (R)",
		"Looking at what came": "Examinando lo que llegó",
		Lung: "Pulmón",
		MR: "RM",
		"Made by": "Hecho por",
		Main: "Principal",
		"Make a link": "Crear un enlace",
		"Making the room": "Creando la sala",
		Mandible: "Mandíbula",
		Markups: "Marcas",
		Mass: "Masa",
		Maximum: "Máximo",
		Mean: "Media",
		Measure: "Medir",
		"Measure; again: its menu": "Medir; de nuevo: su menú",
		Measurements: "Medidas",
		"Measurements (.csv)": "Medidas (.csv)",
		Measures: "Medidas",
		Members: "Miembros",
		"Members: {names}": "Miembros: {names}",
		"Menu of what is chosen": "Menú de lo elegido",
		"Menu of {name}": "Menú de {name}",
		"Message to the room": "Mensaje a la sala",
		"Message; @Name mentions": "Mensaje; @Nombre menciona",
		Method: "Método",
		Minimum: "Mínimo",
		Modality: "Modalidad",
		Model: "Modelo",
		"Moment of the history": "Momento del historial",
		Move: "Mover",
		"Moved by": "Desplazado",
		"Moved by smoothing and decimation": "Desplazada por suavizado y diezmado",
		Name: "Nombre",
		"Name of a new version, for example Two stages": "Nombre de una nueva versión, por ejemplo Dos tiempos",
		"Name of the branch": "Nombre de la rama",
		"Name of the new version": "Nombre de la nueva versión",
		Narrow: "Estrecha",
		Nerve: "Nervio",
		New: "Nueva",
		"New case": "Caso nuevo",
		"New images": "Imágenes nuevas",
		"New name": "Nombre nuevo",
		"No account? Open the invitation link that you were sent.": "¿Sin cuenta? Abra el enlace de invitación que recibió.",
		"No anatomy in this room yet.": "Ninguna anatomía en esta sala todavía.",
		"No anatomy yet. It appears here as soon as it has been segmented.": "Ninguna anatomía todavía. Aparece aquí en cuanto se haya segmentado.",
		"No code": "Sin código",
		"No comment yet. Choose Comment (C), then click on the anatomy.": "Ningún comentario todavía. Elija Comentario (C) y haga clic en la anatomía.",
		"No form of this server is that long.": "Ningún formulario de este servidor es tan largo.",
		"No fragment yet. Place a plane and cut, then choose Move.": "Ningún fragmento todavía. Coloque un plano, corte y elija Mover.",
		"No group": "Sin grupo",
		"No images here: outlines only.": "Sin imágenes aquí: solo contornos.",
		"No images yet": "Sin imágenes todavía",
		"No note pinned. Choose Note, then click on the anatomy.": "Ninguna nota fijada. Elija Nota y haga clic en la anatomía.",
		"No plane placed. Choose Plane cut, then click on the anatomy.": "Ningún plano colocado. Elija Corte plano y haga clic en la anatomía.",
		"No point can go in between here: turn the view so that the surface is in sight.": "Aquí no cabe un punto: gire la vista hasta ver la superficie.",
		"No room matches. Search for a title, a modality, a date or a member.": "Ninguna sala coincide. Busque un título, una modalidad, una fecha o un miembro.",
		"No rooms yet": "Ninguna sala todavía",
		"No segment yet, so there is no volume.": "Ningún segmento todavía, así que no hay volumen.",
		"No segment yet.": "Ningún segmento todavía.",
		"No surface yet.": "Ninguna superficie todavía.",
		"No tissue mechanics, bleeding or flow is simulated": "No se simulan mecánica de tejidos, sangrado ni flujo",
		"No version yet. Save one when the plan is worth talking about.": "Ninguna versión todavía. Guarde una cuando valga la pena hablar del plan.",
		"No volume here can be opened": "Aquí no hay ningún volumen que pueda abrirse",
		"Nobody has said anything about it.": "Nadie ha dicho nada al respecto.",
		"Nobody has written yet.": "Nadie ha escrito todavía.",
		"Nobody wrote that here. Try the beginning of a word.": "Nadie escribió eso aquí. Pruebe con el comienzo de una palabra.",
		None: "Ninguno",
		"None.": "Ninguno.",
		"Not for diagnostic use": "No apto para uso diagnóstico",
		"Not for diagnostic use. No tissue mechanics, bleeding or flow is simulated.": "No apto para uso diagnóstico. No se simulan mecánica de tejidos, sangrado ni flujo.",
		"Not joined yet": "Aún no ha entrado",
		"Not started": "Sin empezar",
		Note: "Nota",
		"Note by {name}": "Nota de {name}",
		"Note {n} by {name}": "Nota {n} de {name}",
		Notes: "Notas",
		"Nothing has been imported yet.": "Todavía no se ha importado nada.",
		"Nothing is there to hold it: click on a structure.": "Ahí no hay nada que lo sostenga: haga clic en una estructura.",
		"Nothing is there to hold it: move the crosshair to a structure.": "No hay nada que lo sostenga: lleve la retícula a una estructura.",
		"Nothing measured yet. Choose a measuring tool, then click on the anatomy.": "Nada medido todavía. Elija una herramienta de medida y haga clic en la anatomía.",
		"Nothing that you may do here": "Nada que pueda hacer aquí",
		"Nothing yet. What members do appears here.": "Nada todavía. Lo que hacen los miembros aparece aquí.",
		"Oblique: turn by the ends of the crosshair": "Oblicuo: gire por los extremos de la retícula",
		"Oblique: turn the slices by the ends of the crosshair": "Oblicuo: gire los cortes por los extremos de la retícula",
		Observer: "Observador",
		"Observer: sees everything, changes nothing": "Observador: ve todo, no cambia nada",
		"Offset from centre": "Distancia al centro",
		On: "En",
		"One entry back": "Una entrada atrás",
		"One entry back (,)": "Una entrada atrás (,)",
		"One entry back, on": "Una entrada atrás, adelante",
		"One entry on": "Una entrada adelante",
		"One entry on (.)": "Una entrada adelante (.)",
		"One list": "Una lista",
		"One moment": "Un momento",
		"One more step": "Un paso más",
		"One slice back; so does the wheel": "Un corte atrás; también con la rueda",
		"One slice on": "Un corte adelante",
		"One volume found": "Un volumen encontrado",
		"Only the owner of a room can delete it.": "Solo el propietario de una sala puede eliminarla.",
		"Only these": "Solo estos",
		"Only what is chosen; again: everything": "Solo lo elegido; de nuevo: todo",
		"Only you, and owners of the room, may change it then": "Entonces solo usted y los propietarios de la sala pueden cambiarlo",
		"Only {name} is shown": "Solo se muestra {name}",
		"Opacity of {name}, for me": "Opacidad de {name}, para mí",
		"Opacity, for all": "Opacidad, para todos",
		"Opacity, for me": "Opacidad, para mí",
		Open: "Abrir",
		"Open a room": "Abrir una sala",
		"Open an invitation link while you are signed in, and its room stands here.": "Abra un enlace de invitación con la sesión iniciada, y la sala aparecerá aquí.",
		"Open or close the history": "Abrir o cerrar el historial",
		"Open the import link again": "Abra de nuevo el enlace de importación",
		"Open the room": "Abrir la sala",
		"Open your authenticator and type its code.": "Abra su autenticador y escriba su código.",
		"Open your invitation link again, in this browser, or ask for a new one.": "Abra de nuevo su enlace de invitación, en este navegador, o pida uno nuevo.",
		"Open your invitation link again.": "Abra de nuevo su enlace de invitación.",
		"Opened {date}": "Abierta el {date}",
		"Opening the room…": "Abriendo la sala…",
		Orientation: "Orientación",
		Others: "Otros",
		"Own colours": "Colores propios",
		Owner: "Propietario",
		"Owner: plans, and decides who is in the room": "Propietario: planifica y decide quién está en la sala",
		Panes: "Paneles",
		Password: "Contraseña",
		"Path along the surface": "Recorrido por la superficie",
		Patient: "Paciente",
		"Patient direction at the {side}: {letters}": "Dirección del paciente ({side}): {letters}",
		"Patient: sees the anatomy and the plan, not what is said about it": "Paciente: ve la anatomía y el plan, no lo que se dice de él",
		Pause: "Pausar",
		Paused: "En pausa",
		People: "Personas",
		Perimeter: "Perímetro",
		"Picture (K)": "Imagen (K)",
		"Picture by {name}, {time}": "Imagen de {name}, {time}",
		"Picture of 3D alone": "Imagen solo del 3D",
		"Picture of all panes (K)": "Imagen de todos los paneles (K)",
		"Picture of all panes, with its legend": "Imagen de todos los paneles, con leyenda",
		"Picture or video": "Imagen o vídeo",
		Pieces: "Piezas",
		Pin: "Fijar",
		Place: "Colocar",
		"Place a point at the crosshair; again, or after clicks: finish; while editing: the next point": "Poner un punto en la retícula; otra vez, o tras clics: terminar; al editar: el punto siguiente",
		"Place a point just at the crosshair, not drawn to an outline": "Poner un punto justo en la retícula, sin atracción por el contorno",
		"Placed by": "Colocado por",
		Plan: "Plan",
		"Plan: {label} · revision {n}": "Plan: {label} · revisión {n}",
		"Plane cut": "Corte plano",
		"Plane {n}": "Plano {n}",
		Planes: "Planos",
		Play: "Reproducir",
		"Play or pause": "Reproducir o pausar",
		"Play or pause (Space)": "Reproducir o pausar (Espacio)",
		"Please give a name of 1 to {most} printable characters.": "Indique un nombre de 1 a {most} caracteres imprimibles.",
		Point: "Punto",
		"Point taken back. Points left: {n}": "Punto retirado. Puntos que quedan: {n}",
		"Point {n} at {place}": "Punto {n} en {place}",
		Pointer: "Puntero",
		Points: "Puntos",
		Present: "Presentar",
		"Present to all": "Presentar a todos",
		"Present, ask to present, or stop": "Presentar, pedir presentar o parar",
		"Present: {names}": "Presentes: {names}",
		Presenting: "Presentando",
		"Put it back where it was scanned": "Devolver a donde se adquirió",
		"Put {name} back": "Devolver {name} a su sitio",
		Radiologist: "Radiólogo",
		"Radiologist: prepares the model: segments, notes, measures": "Radiólogo: prepara el modelo: segmenta, anota, mide",
		"Read-only: {reason}": "Solo lectura: {reason}",
		"Reading the folder": "Leyendo la carpeta",
		"Reading the history…": "Leyendo el historial…",
		"Recording one turn: {n} %": "Grabando una vuelta: {n} %",
		"Recovery code": "Código de recuperación",
		Redo: "Rehacer",
		"Redo it": "Rehacerlo",
		"Redo what you undid last (Ctrl+Shift+Z); never what others did": "Rehacer lo último que deshizo usted (Ctrl+Shift+Z); nunca lo de otros",
		Refused: "Rechazados",
		"Region: box": "Región: caja",
		"Region: ellipse": "Región: elipse",
		Regions: "Regiones",
		"Registered to within {n} mm.": "Registrado con un error de hasta {n} mm.",
		"Rehearsal, not the agreed plan": "Ensayo, no es el plan acordado",
		Rehearse: "Ensayar",
		"Reload the page instead": "Recargar la página",
		Remove: "Eliminar",
		"Remove the note of {name}": "Eliminar la nota de {name}",
		"Remove this point": "Quitar este punto",
		"Remove what is chosen": "Eliminar lo elegido",
		"Remove {name}": "Eliminar {name}",
		Rename: "Renombrar",
		Reopen: "Reabrir",
		Reply: "Responder",
		"Reply about {subject}": "Responder sobre {subject}",
		"Reply; @Name mentions somebody": "Responder; @Nombre menciona a alguien",
		"Reply…": "Responder…",
		"Reset planes": "Restablecer los planos",
		Resolve: "Resolver",
		"Resolved by {name}": "Resuelto por {name}",
		Retry: "Reintentar",
		Return: "Devolver",
		"Return to draft": "Devolver a borrador",
		"Return to the presenter": "Volver al presentador",
		"Revision {revision}, {when}: {who} {what}": "Revisión {revision}, {when}: {who} {what}",
		"Right drag": "Arrastrar con el derecho",
		"Right drag, Ctrl wheel": "Arrastrar con el derecho, Ctrl + rueda",
		Role: "Función",
		"Role of {name}": "Función de {name}",
		"Room chat": "Chat de la sala",
		"Rooms open by their invitation links. Ask the owner of a room for one.": "Las salas se abren con sus enlaces de invitación. Pida uno al propietario de una sala.",
		SD: "DE",
		"SNOMED code": "Código SNOMED",
		Sagittal: "Sagital",
		Save: "Guardar",
		"Save version": "Guardar versión",
		"Saved {name}": "{name} guardado",
		"Say something about it": "Comentar",
		"Scale bar: {length}": "Barra de escala: {length}",
		Search: "Buscar",
		"Search what was said": "Buscar en lo dicho",
		"Search what was written": "Buscar en lo escrito",
		Section: "Sección",
		Segment: "Segmento",
		"Segmented by": "Segmentado por",
		"Segmented on": "Segmentado el",
		Segments: "Segmentos",
		Select: "Seleccionar",
		"Select {name} and show where it is": "Seleccionar {name} y mostrar dónde está",
		Send: "Enviar",
		"Send away": "Retirar",
		"Send away: closes their pages and ends their access": "Retirar: cierra sus páginas y termina su acceso",
		"Send {name} away": "Retirar a {name}",
		"Send {name} away? Their pages close at once. What they did stays in the plan, under their name.": "¿Retirar a {name}? Sus páginas se cierran de inmediato. Lo que hizo permanece en el plan, a su nombre.",
		Sending: "Enviando",
		"Sending {files}": "Enviando {files}",
		"Sending, {n} percent": "Enviando, {n} por ciento",
		Series: "Serie",
		"Share with all": "Compartir con todos",
		Shared: "Compartido",
		Shift: "Desplazar",
		"Shift and move": "Mayús y mover",
		"Shift drag": "Mayús + arrastrar",
		"Shift drag in a slice": "Mayús + arrastrar en un corte",
		"Shift the picture": "Desplazar la imagen",
		"Shift the picture of the pane": "Desplazar la imagen del panel",
		"Shift the view; so does the middle button": "Desplazar la vista; también con el botón central",
		"Shift {key}": "Mayús {key}",
		Show: "Mostrar",
		"Show all": "Mostrar todo",
		"Show alone": "Mostrar solo este",
		"Show branch {name}": "Mostrar la rama {name}",
		"Show it alone, or all again": "Mostrar solo este, o todo de nuevo",
		"Show me": "Mostrar",
		"Show only what is chosen": "Mostrar solo lo elegido",
		"Show only what is in a box": "Mostrar solo lo que está en una caja",
		"Show only {name}": "Mostrar solo {name}",
		"Show or hide resolved comments": "Mostrar u ocultar comentarios resueltos",
		"Show or hide resolved comments (Shift C)": "Mostrar u ocultar comentarios resueltos (Shift C)",
		"Show or hide, for me": "Mostrar u ocultar, para mí",
		"Show resolved": "Mostrar resueltos",
		"Show the images along the chosen line or curve, made straight": "Mostrar las imágenes a lo largo de la línea o curva elegida, rectificadas",
		"Show the images in 3D": "Mostrar las imágenes en 3D",
		"Show the others": "Mostrar las demás",
		"Show the others again": "Mostrar las demás de nuevo",
		"Show where it is": "Mostrar dónde está",
		"Show where it is pinned": "Mostrar dónde está fijado",
		"Show where {name} is": "Mostrar dónde está {name}",
		"Show {name}": "Mostrar {name}",
		"Show {name} alone": "Mostrar solo {name}",
		Shown: "Mostradas",
		"Shown side": "Lado mostrado",
		Sign: "Firmar",
		"Sign in": "Iniciar sesión",
		"Sign in again": "Iniciar sesión de nuevo",
		"Sign in with {name}": "Iniciar sesión con {name}",
		"Sign out": "Cerrar sesión",
		"Sign out everywhere": "Cerrar sesión en todas partes",
		"Signed by {name}, {role}, {time}": "Firmado por {name}, {role}, {time}",
		"Signed in as {name}": "Sesión de {name}",
		"Six planes are the most.": "Seis planos es el máximo.",
		Skin: "Piel",
		"Skip to the rooms": "Ir a las salas",
		"Skip to the view": "Ir a la vista",
		Skull: "Cráneo",
		Slab: "Corte grueso",
		"Slab, window, oblique": "Espesor, ventana, oblicuo",
		"Slice thickness": "Grosor de corte",
		"Slices are made by": "Los cortes los genera",
		"Slices only": "Solo cortes",
		"Slices, lists and talk work without it.": "Los cortes, las listas y la conversación funcionan sin él.",
		"Soft tissue": "Partes blandas",
		"Somebody else cut here": "Otra persona cortó aquí",
		"Sort by": "Ordenar por",
		"Source: no images": "Origen: sin imágenes",
		"Source: {modality} {series}": "Origen: {modality} {series}",
		Space: "Espacio",
		Speed: "Velocidad",
		Stale: "Obsoleto",
		"Standard deviation": "Desviación estándar",
		Start: "Inicio",
		State: "Estado",
		Status: "Estado",
		Steps: "Pasos",
		Stop: "Parar",
		"Stop following": "Dejar de seguir",
		"Stop following (Esc, or move the view)": "Dejar de seguir (Esc, o mover la vista)",
		"Stop following; so does moving the view": "Dejar de seguir; también al mover la vista",
		"Stop presenting": "Dejar de presentar",
		"Stop presenting (P)": "Dejar de presentar (P)",
		"Stop sharing": "Dejar de compartir",
		"Straighten along {name}": "Rectificar a lo largo de {name}",
		Straightened: "Rectificado",
		Structure: "Estructura",
		"Structures stay in front: hide them in the list to see the images alone.": "Las estructuras quedan delante: ocúltelas en la lista para ver solo las imágenes.",
		Superseded: "Sustituido",
		Surface: "Superficie",
		"Surface error": "Error de la superficie",
		Surfaces: "Superficies",
		"Surfaces as STL": "Superficies en STL",
		Surgeon: "Cirujano",
		"Surgeon: plans: notes, measures, cuts, moves, signs": "Cirujano: planifica: anota, mide, corta, mueve, firma",
		"Table (.csv)": "Tabla (.csv)",
		"Take back": "Retirar",
		"Take it with you": "Llévelo consigo",
		"Take over {n}": "Adoptar {n}",
		"Take the last point back": "Quitar el último punto",
		"Take this comment back": "Retirar este comentario",
		"Taken back.": "Retirado.",
		Talk: "Conversar",
		"Telling the server of {files}": "Informando al servidor de {files}",
		Text: "Texto",
		"Text of the comment": "Texto del comentario",
		"Text of the markup": "Texto de la marca",
		"Text of the note": "Texto de la nota",
		"Texts, arrows and drawings": "Textos, flechas y dibujos",
		"That cannot be done now": "Eso no puede hacerse ahora",
		"That did not work": "No ha funcionado",
		"That was too much": "Eso fue demasiado",
		"The graphics card let go of this view.": "La tarjeta gráfica soltó esta vista.",
		"The history": "El historial",
		"The history did not come: {reason}.": "El historial no llegó: {reason}.",
		"The images along the chosen line or curve, made straight (Shift L)": "Las imágenes a lo largo de la línea o curva elegida, rectificadas (Mayús L)",
		"The images along the chosen line, made straight. A click brings the slices there.": "Las imágenes a lo largo de la línea elegida, rectificadas. Un clic lleva los cortes allí.",
		"The images could not be read. The plan works without them.": "No se pudieron leer las imágenes. El plan funciona sin ellas.",
		"The images of this case are not on this server.": "Las imágenes de este caso no están en este servidor.",
		"The others see you as {name}.": "Los demás le ven como {name}.",
		"The past": "El pasado",
		"The picture could not be made. Make the window smaller and try again.": "No se pudo crear la imagen. Reduzca la ventana e inténtelo de nuevo.",
		"The plan itself is safe. Check the connection, then try again.": "El plan está a salvo. Compruebe la conexión e inténtelo de nuevo.",
		"The plane misses {name}. Move it back over the surface.": "El plano no alcanza {name}. Devuélvalo sobre la superficie.",
		"The reader of volumes did not start in this browser.": "El lector de volúmenes no se inició en este navegador.",
		"The room is ready": "La sala está lista",
		"The server": "El servidor",
		"The server answered with {status}.": "El servidor respondió con {status}.",
		"The server answered with {status}. Load the page again.": "El servidor respondió con {status}. Cargue la página de nuevo.",
		"The server cannot be reached. Nothing was changed; try again.": "No se puede acceder al servidor. No se cambió nada; inténtelo de nuevo.",
		"The two hold the same.": "Las dos tienen el mismo contenido.",
		"The video could not be made. Nothing of the plan is lost.": "No se pudo crear el vídeo. No se ha perdido nada del plan.",
		"The view as it was at first, while the history is closed": "La vista como al principio, con el historial cerrado",
		"The whole room: the log of every act, and every surface. Opens again elsewhere to the same state.": "La sala entera: el registro de cada acto y todas las superficies. Se abre en otro lugar en el mismo estado.",
		"There are newer images of this patient": "Hay imágenes más recientes de este paciente",
		"There is nothing here": "Aquí no hay nada",
		"There was no file in what you dropped. Choose a folder, files or a zip.": "No había ningún archivo en lo que soltó. Elija una carpeta, archivos o un zip.",
		"They come from your network faster than anybody types. Wait a minute, then go on.": "Llegan de su red más rápido de lo que nadie escribe. Espere un minuto y continúe.",
		"They have done nothing lately.": "No ha hecho nada últimamente.",
		"Thickness, mm": "Grosor, mm",
		Thin: "Fino",
		"This account may not come in.": "Esta cuenta no puede entrar.",
		"This browser": "Este navegador",
		"This browser cannot draw in 3D.": "Este navegador no puede dibujar en 3D.",
		"This browser cannot record video. Use a current Chrome, Edge or Firefox.": "Este navegador no graba vídeo. Use un Chrome, Edge o Firefox actual.",
		"This came from another page": "Esto vino de otra página",
		"This code is not right, or was used.": "Este código no es correcto o ya se usó.",
		"This device is slow at making slices.": "Este dispositivo es lento generando cortes.",
		"This is a Commissure server": "Este es un servidor de Commissure",
		"This is a fault of our own. Whoever runs the server finds it in the log under {number}.": "Es un fallo nuestro. Quien administra el servidor lo encuentra en el registro con {number}.",
		"This is drawn in a slice: click in one of the slices.": "Esto se dibuja en un corte: haga clic en uno de los cortes.",
		"This is how the plan was. Go back to now to change it.": "Así era el plan. Vuelva a ahora para cambiarlo.",
		"This link does not open a room": "Este enlace no abre una sala",
		"This link does not open the import": "Este enlace no abre la importación",
		"This link does not open the rooms": "Este enlace no abre las salas",
		"This list": "Esta lista",
		"This name or password is not right.": "Este nombre o esta contraseña no es correcto.",
		"This page needs JavaScript to send files.": "Esta página necesita JavaScript para enviar archivos.",
		"This plan": "Este plan",
		"This structure": "Esta estructura",
		"This view": "Esta vista",
		"Through the crosshair": "Por la retícula",
		"Tilt off {plane}": "Inclinación del plano {plane}",
		"Time for a message to the server and back": "Tiempo de un mensaje hasta el servidor y de vuelta",
		Tissue: "Tejido",
		Title: "Título",
		"Title of the case": "Título del caso",
		To: "A",
		"To bring in images, open an import link. Whoever runs this server gives them out.": "Para traer imágenes, abra un enlace de importación. Los da quien administra este servidor.",
		Together: "En conjunto",
		"Too large for this browser: what stands still comes from the server in full resolution.": "Demasiado grande para este navegador: lo que está quieto llega del servidor con resolución plena.",
		"Too many attempts. Wait {n} minutes, then try again.": "Demasiados intentos. Espere {n} minutos e inténtelo de nuevo.",
		"Too many attempts. Wait {n} seconds, then try again.": "Demasiados intentos. Espere {n} segundos e inténtelo de nuevo.",
		"Too many requests": "Demasiadas solicitudes",
		Tools: "Herramientas",
		"Towards {side}": "Hacia {side}",
		Trainee: "Residente",
		"Trainee: notes, measures, proposes planes; cuts nothing": "Residente: anota, mide, propone planos; no corta",
		Triangles: "Triángulos",
		"Try again": "Intentar de nuevo",
		"Try now": "Intentar ahora",
		"Trying again… what you did last is kept.": "Intentando de nuevo… lo último que hizo está guardado.",
		"Turn the view": "Girar la vista",
		"Turn, whatever is under the pointer": "Girar, sea lo que sea que haya bajo el puntero",
		"Turntable video of 3D": "Vídeo del 3D girando",
		"Twin A": "Gemelo A",
		"Twin B": "Gemelo B",
		"Twin {letter}": "Gemelo {letter}",
		"Two different people sign; the second signature approves": "Firman dos personas distintas; la segunda firma aprueba",
		"Type numbers only: mm and degrees.": "Escriba solo números: mm y grados.",
		"Type one of the codes that you were given with your second factor. It works once.": "Escriba uno de los códigos que recibió con su segundo factor. Sirve una vez.",
		Undecided: "Sin decidir",
		Undo: "Deshacer",
		"Undo what you did last (Ctrl+Z); never what others did": "Deshacer lo último que hizo usted (Ctrl+Z); nunca lo de otros",
		"Undo your last change": "Deshacer su último cambio",
		Unlock: "Desbloquear",
		"Unnamed case": "Caso sin nombre",
		"Up to {size} and {files}.": "Hasta {size} y {files}.",
		"Use my own": "Usar el mío",
		"Use the authenticator": "Usar el autenticador",
		"Use what is shared": "Usar lo compartido",
		"Value {n}": "Valor {n}",
		Vein: "Vena",
		Version: "Versión",
		Versions: "Versiones",
		"View from {side}": "Vista desde {side}",
		"View only": "Solo ver",
		Volume: "Volumen",
		"Volume laid over it": "Volumen superpuesto",
		"Volume shown": "Volumen mostrado",
		Volumes: "Volúmenes",
		Voxel: "Vóxel",
		Voxels: "Vóxeles",
		"W {width} L {level}": "W {width} L {level}",
		"Ways of looking": "Formas de ver",
		"WebGL 2 is missing or switched off. Turn on hardware acceleration, or use a current Chrome, Edge, Firefox or Safari.": "WebGL 2 falta o está desactivado. Active la aceleración por hardware, o use un Chrome, Edge, Firefox o Safari actual.",
		"What happened": "Qué ha pasado",
		"What is different": "Qué es diferente",
		"What is to be discussed here?": "¿Qué hay que discutir aquí?",
		"What matters about it (optional)": "Qué importa en ella (opcional)",
		"What should the others know here?": "¿Qué deben saber los demás aquí?",
		"What to draw": "Qué dibujar",
		"What to measure": "Qué medir",
		Wheel: "Rueda",
		"Where the others look from": "Desde dónde miran los demás",
		"While editing: move the point by half a millimetre": "Al editar: mover el punto medio milímetro",
		"While editing: put a point after the chosen one": "Al editar: poner un punto después del elegido",
		"While editing: remove the point": "Al editar: eliminar el punto",
		"While placing: move the crosshair by half a millimetre, with Shift by five": "Al poner puntos: mover la retícula medio milímetro, con Mayús cinco",
		"Who did what and when: a table for people, or every entry for programs.": "Quién hizo qué y cuándo: una tabla para personas, o todas las entradas para programas.",
		"Who is here": "Quién está aquí",
		"Whoever has a link may join with its role. Pass it on over a channel you trust.": "Quien tenga un enlace puede entrar con su función. Páselo por un canal en el que confíe.",
		"Whole room (.commissure)": "Sala entera (.commissure)",
		"Whom it is for (optional)": "Para quién es (opcional)",
		"Whom the link is for": "Para quién es el enlace",
		"Whose activity": "Actividad de quién",
		"Whose left is left": "De quién es la izquierda",
		"Why it goes back": "Por qué vuelve",
		"Why the version goes back to draft": "Por qué la versión vuelve a borrador",
		Wide: "Ancha",
		Width: "Anchura",
		Window: "Ventana",
		"Window of {name}": "Ventana de {name}",
		Withdraw: "Revocar",
		"Withdraw the link for {role}": "Revocar el enlace para {role}",
		"Without description": "Sin descripción",
		"Write the text, then press Enter": "Escriba el texto y pulse Intro",
		"You are not signed in": "No ha iniciado sesión",
		"You are not signed in here": "No ha iniciado sesión aquí",
		"You are offline: the images come when the connection is back.": "Está sin conexión: las imágenes llegan cuando vuelva la conexión.",
		"You follow": "Usted sigue a",
		"You have no account here. Ask whoever runs this server for one; the provider knows you as {subject}.": "No tiene cuenta aquí. Pida una a quien administra este servidor; el proveedor le conoce como {subject}.",
		"You join as a patient: you see the anatomy and the plan.": "Entra como paciente: ve la anatomía y el plan.",
		"You join as a radiologist: you prepare the model, pin notes and measure.": "Entra como radiólogo: prepara el modelo, fija notas y mide.",
		"You join as a surgeon: you can pin notes, measure, cut and move.": "Entra como cirujano: puede fijar notas, medir, cortar y mover.",
		"You join as a trainee: you pin notes, measure and propose planes.": "Entra como residente: fija notas, mide y propone planos.",
		"You join as an observer: you see everything and change nothing.": "Entra como observador: ve todo y no cambia nada.",
		"You join as the owner: you can plan, and invite others.": "Entra como propietario: puede planificar e invitar a otros.",
		"You look around yourself now. Press R to return to {name}.": "Ahora mira por su cuenta. Pulse R para volver a {name}.",
		"You look at the past; the lists here show the plan as it is now.": "Está viendo el pasado; las listas de aquí muestran el plan tal como está ahora.",
		"You no longer follow {name}.": "Ya no sigue a {name}.",
		"You open it as its owner, who can invite others.": "La abre como su propietario, que puede invitar a otros.",
		"You present": "Usted presenta",
		"You see as {name} clips, while you follow.": "Ve el recorte de {name} mientras sigue.",
		"You see the plan as it was on {time}, revision {n}": "Ve el plan tal como era el {time}, revisión {n}",
		"You see the plan as it was, revision {n}": "Ve el plan tal como era, revisión {n}",
		"You {did}. That replaced what {name} did{age}: {theirs}.": "Usted: {did}. Eso sustituyó lo que hizo {name}{age}: {theirs}.",
		"Your name, as the others shall see it": "Su nombre, como lo verán los demás",
		"Your role reads along and does not write.": "Su función lee y no escribe.",
		"Your role takes nothing out of the room. Ask its owner for another one.": "Su función no saca nada de la sala. Pida otra a su propietario.",
		"Your rooms": "Sus salas",
		"Zoom at the pointer": "Zoom en el puntero",
		"Zoom the pane at the crosshair": "Ampliar o reducir el panel en la retícula",
		"Zoom the slice": "Zoom del corte",
		added: "añadido",
		annotating: "marcando",
		anterior: "anterior",
		"any number": "cualquier número",
		"as fast as it goes": "lo más rápido posible",
		"as scanned": "tal como se adquirió",
		"asks to present": "pide presentar",
		away: "ausente",
		axial: "axial",
		"being computed": "calculándose",
		bottom: "abajo",
		"branch {name}": "rama {name}",
		"by {name}": "por {name}",
		byte: "byte",
		bytes: "bytes",
		changed: "cambiado",
		"click follows, right click for more": "clic sigue, clic derecho para más",
		closed: "cerrada",
		commenting: "comentando",
		"computing…": "calculando…",
		coronal: "coronal",
		cut: "cortado",
		cutting: "cortando",
		"date not given": "fecha no indicada",
		edited: "editado",
		editing: "editando",
		"editing: {name}": "editando: {name}",
		"five people": "cinco personas",
		"for 30 days": "por 30 días",
		"for a day": "por un día",
		"for a week": "por una semana",
		"from the images": "a partir de las imágenes",
		"from {version}": "a partir de {version}",
		"has locked {name}": "ha bloqueado {name}",
		hidden: "oculto",
		idle: "inactivo",
		"in place": "en su sitio",
		inferior: "inferior",
		"is editing {name}": "está editando {name}",
		"is moving {name}": "está moviendo {name}",
		"just now": "ahora mismo",
		left: "izquierda",
		"let in: {names}": "entraron: {names}",
		measuring: "midiendo",
		"mm towards {side}": "mm hacia {side}",
		moving: "moviendo",
		"no description": "sin descripción",
		"not given": "no indicado",
		"not known how": "no se sabe cómo",
		"nothing is cut": "no se corta nada",
		noting: "anotando",
		now: "ahora",
		observer: "observador",
		"on {branch}": "en {branch}",
		"one person": "una persona",
		open: "abierta",
		"or Enter at the crosshair": "o Intro en la retícula",
		owner: "propietario",
		patient: "paciente",
		posterior: "posterior",
		presents: "presenta",
		radiologist: "radiólogo",
		removed: "eliminado",
		right: "derecha",
		sagittal: "sagital",
		"sharpening …": "afinando …",
		shown: "a la vista",
		"signed by {name}, {role}, {when}": "firmado por {name}, {role}, {when}",
		"slice thickness not given": "grosor de corte no indicado",
		"slices {n} mm thick": "cortes de {n} mm de grosor",
		"slices {thickness}": "cortes de {thickness}",
		"somebody unknown": "alguien desconocido",
		superior: "superior",
		surgeon: "cirujano",
		"taken back": "retirado",
		top: "arriba",
		trainee: "residente",
		"turn °": "giro °",
		"until withdrawn": "hasta que se revoque",
		untitled: "sin título",
		"voxel {size}": "vóxel {size}",
		"voxel {size} mm": "vóxel {size} mm",
		"waiting: nothing is cut yet": "en espera: todavía no se ha cortado nada",
		you: "usted",
		"you follow {name}": "usted sigue a {name}",
		"you look around yourself": "usted mira por su cuenta",
		"{branch}, as it is now": "{branch}, tal como está ahora",
		"{did} after you. That replaced what you did{age}: {yours}.": "{did} después de usted. Eso sustituyó lo que usted hizo{age}: {yours}.",
		"{done} of {total}": "{done} de {total}",
		"{engine} from {n} HU": "{engine} a partir de {n} HU",
		"{files} set aside: {reasons}.": "{files} apartados: {reasons}.",
		"{files} so far": "{files} hasta ahora",
		"{files}, {size}: {share} % is on the server already. Choose the same files again, and the rest is sent.": "{files}, {size}: el {share} % ya está en el servidor. Elija los mismos archivos de nuevo, y se envía el resto.",
		"{label} ({key})": "{label} ({key})",
		"{label}, revision {n}": "{label}, revisión {n}",
		"{label}: not the agreed plan": "{label}: no es el plan acordado",
		"{mean}, SD {sd}": "{mean}, DE {sd}",
		"{mm} mm before": "{mm} mm por delante",
		"{mm} mm behind": "{mm} mm por detrás",
		"{mode} {n} mm": "{mode} {n} mm",
		"{names} could not be loaded.": "No se pudo cargar {names}.",
		"{name} by {author}": "{name} de {author}",
		"{name} edits": "{name} edita",
		"{name} edits this now": "{name} lo está editando ahora",
		"{name} is on": "{name} está activo",
		"{name} is whole. Only pieces that a cut has made can be moved.": "{name} está entero. Solo pueden moverse piezas hechas por un corte.",
		"{name} placed": "Puesto: {name}",
		"{name} placed: {value}": "Puesto: {name}, {value}",
		"{name} presents": "{name} presenta",
		"{name} shares another clipping. You use your own.": "{name} comparte otro recorte. Usted usa el suyo.",
		"{name} slice. Arrow keys move the crosshair, Page keys scroll, Enter places a point.": "Corte {name}. Las flechas mueven la retícula, Re Pág y Av Pág recorren los cortes, Intro pone un punto.",
		"{name} slice. Arrow keys scroll. Press ? for the keys.": "Corte {name}. Las flechas recorren. Pulse ? para ver las teclas.",
		"{name} · {doing}": "{name} · {doing}",
		"{name}, oblique": "{name}, oblicuo",
		"{name}, tilted {n}°": "{name}, inclinado {n}°",
		"{name}: back to all panes": "{name}: volver a todos los paneles",
		"{name}: double-click shows it alone": "{name}: doble clic muestra solo este",
		"{name}: fill the view": "{name}: llenar la vista",
		"{name}: slab, window, oblique": "{name}: espesor, ventana, oblicuo",
		"{name}: {how}, by {author}": "{name}: {how}, por {author}",
		"{n} %": "{n} %",
		"{n} HU": "{n} HU",
		"{n} changes since": "{n} cambios desde entonces",
		"{n} d ago": "hace {n} d",
		"{n} files": "{n} archivos",
		"{n} follow": "{n} siguen",
		"{n} h": "{n} h",
		"{n} h ago": "hace {n} h",
		"{n} hidden": "{n} ocultos",
		"{n} members are on another branch": "{n} miembros están en otra rama",
		"{n} min": "{n} min",
		"{n} min ago": "hace {n} min",
		"{n} mm": "{n} mm",
		"{n} more are not shown.": "Otros {n} no se muestran.",
		"{n} more without a registration: they cannot be laid where the anatomy is.": "Otros {n} sin registro: no pueden ponerse donde está la anatomía.",
		"{n} of {all} rooms are shown": "Se muestran {n} de {all} salas",
		"{n} open comments": "{n} comentarios abiertos",
		"{n} resolved hidden": "{n} resueltos, ocultos",
		"{n} resolved shown": "{n} resueltos, a la vista",
		"{n} volumes found: choose one": "{n} volúmenes encontrados: elija uno",
		"{n} waiting": "{n} en espera",
		"{plan} · as it was then": "{plan} · tal como era entonces",
		"{plan} · branch {branch}": "{plan} · rama {branch}",
		"{rate}/s · {time} left": "{rate}/s · quedan {time}",
		"{side} {n} mm": "{side} {n} mm",
		"{slices} slices of {columns} × {rows} · {spacing} mm": "{slices} cortes de {columns} × {rows} · {spacing} mm",
		"{taken} · lag {n} ms": "{taken} · latencia {n} ms",
		"{taken} · not connected": "{taken} · sin conexión",
		"{tool}: {kind} ({key})": "{tool}: {kind} ({key})",
		"{what} · shared by {name}": "{what} · compartido por {name}",
		"{what}; received {when}": "{what}; recibido {when}",
		"“{title}” is back.": "“{title}” ha vuelto."
	}
};
function t(t) {
	let n = t.split("-")[0].toLowerCase();
	return Object.hasOwn(e, n) ? n : "en";
}
var n = typeof document > "u" ? "en" : t(document.documentElement.lang);
function r() {
	return n;
}
function i(t, r = {}) {
	return (e[n][t] ?? t).replace(/\{(\w+)\}/g, (e, t) => String(r[t] ?? e));
}
// src/importing/content.ts
var a = class {
	files;
	ends;
	constructor(e) {
		this.files = e, this.ends = new Float64Array(e.length);
		let t = 0;
		e.forEach(({ file: e }, n) => this.ends[n] = t += e.size);
	}
	get totalBytes() {
		return this.ends.length === 0 ? 0 : this.ends[this.ends.length - 1];
	}
	slice(e, t) {
		let n = [], r = Math.min(e + t, this.totalBytes);
		for (let t = this.fileAt(e); e < r; t += 1) {
			let { file: i } = this.files[t], a = this.ends[t] - i.size, o = Math.min(this.ends[t], r);
			n.push(i.slice(e - a, o - a)), e = o;
		}
		return new Blob(n);
	}
	listFrom(e, t) {
		let n = new TextEncoder(), r = [], i = 2;
		for (let a = e; a < this.files.length; a += 1) {
			let { path: e, file: o } = this.files[a], s = JSON.stringify([e, o.size]);
			if (i += n.encode(s).length + 1, i > t && r.length > 0) break;
			r.push(s);
		}
		return `[${r.join(",")}]`;
	}
	fileAt(e) {
		let t = 0, n = this.ends.length;
		for (; t < n;) {
			let r = t + n >> 1;
			this.ends[r] <= e ? t = r + 1 : n = r;
		}
		return t;
	}
}, o = class extends Error {};
function s(e) {
	return p([...e].map((e) => ({
		path: e.webkitRelativePath || e.name,
		file: e
	})));
}
async function c(e, t) {
	let n = [], r = [];
	for (let t of e) {
		if (t.kind !== "file") continue;
		let e = t.webkitGetAsEntry(), i = e === null ? t.getAsFile() : null;
		e === null ? i !== null && r.push({
			path: i.name,
			file: i
		}) : n.push(e);
	}
	for (let e of n) await l(e, "", r, t);
	return p(r);
}
async function l(e, t, n, r) {
	let i = t + e.name;
	if (e.isFile) {
		n.push({
			path: i,
			file: await u(e)
		}), r(n.length);
		return;
	}
	let a = e.createReader();
	for (;;) {
		let e = await d(a);
		if (e.length === 0) return;
		for (let t of e) await l(t, `${i}/`, n, r);
	}
}
function u(e) {
	return new Promise((t, n) => e.file(t, () => n(f())));
}
function d(e) {
	return new Promise((t, n) => e.readEntries(t, () => n(f())));
}
function f() {
	return new o("A file or folder could not be read. Check that it is still there and choose again.");
}
function p(e) {
	return e.sort((e, t) => e.path < t.path ? -1 : +(e.path > t.path));
}
function ee(e) {
	return {
		fingerprint: te(e),
		files: e.length,
		totalBytes: e.reduce((e, { file: t }) => e + t.size, 0)
	};
}
var m = 1099511628211n, h = (1n << 64n) - 1n;
function te(e) {
	let t = 14695981039346656037n;
	for (let { path: n, file: r } of e) {
		let e = 2166136261, i = `${n}\0${r.size}\0${r.lastModified}`;
		for (let t = 0; t < i.length; t += 1) e = Math.imul(e ^ i.charCodeAt(t), 16777619);
		t = (t ^ BigInt(e >>> 0)) * m & h, t = (t ^ BigInt(r.size)) * m & h;
	}
	return t.toString(16).padStart(16, "0");
}
// src/importing/machine.ts
var g = {
	phase: "greeting",
	limits: null,
	choice: null,
	upload: null,
	offset: 0,
	collected: 0,
	attempt: 0,
	waitMs: 0,
	problem: null
}, ne = 1e3, re = 3e4;
function ie(e, t) {
	let n = Math.min(re, ne * 2 ** e);
	return Math.round(n * (.75 + .25 * t));
}
function ae(e, t) {
	switch (t.type) {
		case "greeted": return oe({
			...e,
			limits: t.limits,
			attempt: 0
		}, t.uploads);
		case "collecting": return y({
			...e,
			phase: "collecting",
			collected: t.files
		});
		case "chose": return se(e, t.choice);
		case "unreadable": return b(e, x("unreadable", t.message));
		case "told": return S({
			...e,
			upload: t.upload,
			attempt: 0
		}, t.upload);
		case "listed": return w(e, { listed: t.listed });
		case "sending": return e.phase === "sending" ? y({
			...e,
			offset: t.offset
		}) : y(e);
		case "sent": return e.phase === "sending" ? w(e, { offset: t.offset }) : y(e);
		case "lost": return le(e, t.chance);
		case "refused": return fe(e, t.problem, t.offset);
		case "try_now": return e.phase === "waiting" ? T(e) : y(e);
		case "pause": return _(e) ? ue(e) : y(e);
		case "resume": return de(e);
		case "open": return {
			state: {
				...e,
				phase: "opening",
				problem: null
			},
			effects: [{
				do: "open",
				volumeId: t.volumeId,
				title: t.title
			}]
		};
		case "discard": return pe(e);
		case "discarded": return {
			state: {
				...g,
				limits: e.limits
			},
			effects: [{ do: "greet" }]
		};
	}
}
function _(e) {
	return [
		"announcing",
		"listing",
		"sending",
		"waiting"
	].includes(e.phase);
}
function v(e) {
	return e.upload?.found ?? null;
}
function y(e) {
	return {
		state: e,
		effects: []
	};
}
function oe(e, t) {
	let n = t[0];
	if (e.choice !== null && !t.some(({ fingerprint: t }) => t === e.choice?.fingerprint)) return {
		state: {
			...e,
			phase: "announcing"
		},
		effects: [{ do: "announce" }]
	};
	let r = t.find(({ fingerprint: t }) => t === e.choice?.fingerprint) ?? n;
	return r === void 0 ? y({
		...e,
		phase: "choosing",
		upload: null
	}) : S({
		...e,
		upload: r
	}, r);
}
function se(e, t) {
	let n = ce(e, t);
	if (n !== null) return b(e, n);
	let r = {
		...e,
		choice: t,
		problem: null
	};
	return e.upload === null ? {
		state: {
			...r,
			phase: "announcing",
			offset: 0
		},
		effects: [{ do: "announce" }]
	} : T(r);
}
function b(e, t) {
	let n = e.upload === null ? "choosing" : "needs_files";
	return y({
		...e,
		phase: n,
		choice: null,
		problem: t
	});
}
function ce(e, t) {
	let { limits: n, upload: r } = e;
	return t.totalBytes === 0 ? x("empty", "There is nothing in there. Choose a folder, files or a zip with images.") : n !== null && t.files > n.files ? x("too_many_files", "These are too many files. Choose fewer folders, or pack them as a zip.") : n !== null && t.totalBytes > n.total_bytes ? x("too_large", "This is too large. Choose fewer series.") : r !== null && r.fingerprint !== t.fingerprint ? x("other_files", "These are not the files of the unfinished upload. Choose the same ones to go on, or discard it first.") : null;
}
function x(e, t) {
	return {
		code: e,
		message: t,
		file: null
	};
}
function S(e, t) {
	let n = {
		...e,
		offset: t.offset ?? 0,
		problem: t.error ?? null
	};
	switch (t.stage) {
		case "receiving": return C(n, t);
		case "received": return {
			state: {
				...n,
				phase: "looking"
			},
			effects: [{ do: "inspect" }]
		};
		case "inspecting": return {
			state: {
				...n,
				phase: "looking"
			},
			effects: [{ do: "ask_later" }]
		};
		case "inspected": return y({
			...n,
			phase: "found"
		});
		case "opening": return {
			state: {
				...n,
				phase: "opening"
			},
			effects: [{ do: "ask_later" }]
		};
		case "ready": return y({
			...n,
			phase: "ready"
		});
		case "failed": return y({
			...n,
			phase: "failed"
		});
	}
}
function C(e, t) {
	return e.phase === "paused" ? y(e) : e.choice?.fingerprint === t.fingerprint ? t.listed < t.files ? {
		state: {
			...e,
			phase: "listing"
		},
		effects: [{
			do: "list",
			start: t.listed
		}]
	} : {
		state: {
			...e,
			phase: "sending"
		},
		effects: [{
			do: "send",
			offset: t.offset
		}]
	} : y({
		...e,
		phase: "needs_files"
	});
}
function w(e, t) {
	if (e.upload === null) return y(e);
	let n = {
		...e.upload,
		...t
	}, r = {
		...e,
		upload: n,
		offset: n.offset,
		attempt: 0,
		problem: null
	};
	return n.listed === n.files && n.offset === n.total_bytes ? {
		state: {
			...r,
			phase: "looking"
		},
		effects: [{ do: "inspect" }]
	} : C(r, n);
}
function le(e, t) {
	if (e.phase === "paused") return y(e);
	let n = ie(e.attempt, t);
	return {
		state: {
			...e,
			phase: "waiting",
			attempt: e.attempt + 1,
			waitMs: n
		},
		effects: [{
			do: "wait",
			ms: n
		}]
	};
}
function T(e) {
	let t = e.upload === null ? "greeting" : e.phase === "paused" ? "sending" : e.phase;
	return {
		state: {
			...e,
			phase: t,
			problem: null
		},
		effects: [{ do: e.upload === null ? "greet" : "ask" }]
	};
}
function ue(e) {
	let t = e.upload === null ? [] : [{ do: "ask" }];
	return {
		state: {
			...e,
			phase: "paused"
		},
		effects: [{ do: "stop" }, ...t]
	};
}
function de(e) {
	return e.phase === "failed" && e.upload?.stage === "failed" ? {
		state: {
			...e,
			phase: "looking",
			problem: null
		},
		effects: [{ do: "inspect" }]
	} : e.phase === "paused" || e.phase === "failed" ? T(e) : y(e);
}
function fe(e, t, n) {
	switch (t.code) {
		case "wrong_offset": return n === null ? T(e) : w(e, { offset: n });
		case "wrong_start":
		case "not_complete":
		case "not_listed":
		case "stalled": return T(e);
		case "not_signed_in": return y({
			...e,
			phase: "signed_out",
			problem: t
		});
		case "unknown_upload": return y({
			...e,
			phase: "choosing",
			upload: null,
			choice: null,
			offset: 0,
			problem: t
		});
		case "files_changed": return y({
			...e,
			phase: "needs_files",
			choice: null,
			problem: t
		});
	}
	return e.upload === null ? y({
		...e,
		phase: "choosing",
		choice: null,
		problem: t
	}) : e.phase === "opening" || e.phase === "found" ? y({
		...e,
		phase: "found",
		problem: t
	}) : t.code === "superseded" || t.code === "no_space" || t.code === "disk" ? y({
		...e,
		phase: "paused",
		problem: t,
		offset: e.upload.offset
	}) : y({
		...e,
		phase: "failed",
		problem: t
	});
}
function pe(e) {
	if (e.upload === null) return {
		state: {
			...g,
			limits: e.limits
		},
		effects: [{ do: "stop" }, { do: "greet" }]
	};
	let t = e.upload.id;
	return {
		state: {
			...e,
			phase: "greeting",
			problem: null
		},
		effects: [{ do: "stop" }, {
			do: "discard",
			id: t
		}]
	};
}
// src/importing/requests.ts
var E = document.documentElement.dataset.importApi ?? "api", D = 3e4, O = class extends Error {}, k = class extends Error {
	problem;
	offset;
	constructor(e, t) {
		super(e.message), this.problem = e, this.offset = t;
	}
}, A = class extends Error {};
async function j(e, t, n, r) {
	let i = new AbortController(), a = setTimeout(() => i.abort(), D), o = () => i.abort();
	r.addEventListener("abort", o);
	try {
		let r = await fetch(`${E}/${t}`, {
			method: e,
			body: n,
			signal: i.signal,
			cache: "no-store"
		}), a = await r.text();
		if (!r.ok) throw M(r.status, a, r.headers.get("Upload-Offset"));
		return a === "" ? null : JSON.parse(a);
	} catch (e) {
		throw r.aborted ? new A() : e instanceof k ? e : new O();
	} finally {
		clearTimeout(a), r.removeEventListener("abort", o);
	}
}
function me(e, t, n, r, i) {
	return new Promise((a, o) => {
		let s = new XMLHttpRequest(), c, l = () => s.abort(), u = (e) => {
			clearTimeout(c), i.removeEventListener("abort", l), e();
		}, d = () => {
			clearTimeout(c), c = setTimeout(l, D);
		};
		s.open("PATCH", `${E}/uploads/${e}`), s.setRequestHeader("Upload-Offset", String(t)), s.setRequestHeader("Content-Type", "application/offset+octet-stream"), s.upload.onprogress = (e) => {
			d(), r(e.loaded);
		}, s.onload = () => u(() => {
			let e = s.getResponseHeader("Upload-Offset");
			s.status === 204 && e !== null ? a(Number(e)) : o(M(s.status, s.responseText, e));
		}), s.onerror = () => u(() => o(new O())), s.onabort = () => u(() => o(i.aborted ? new A() : new O())), i.addEventListener("abort", l), d(), s.send(n);
	});
}
function M(e, t, n) {
	try {
		let { code: e, message: r, file: i } = JSON.parse(t);
		if (typeof e == "string") return new k({
			code: e,
			message: r ?? "",
			file: i ?? null
		}, n === null ? null : Number(n));
	} catch {}
	return e >= 500 ? new O() : new k({
		code: "unexpected",
		message: i("The server answered with {status}. Load the page again.", { status: e }),
		file: null
	}, null);
}
// src/importing/driver.ts
var he = 400, ge = class {
	shown;
	state = g;
	content = null;
	stopping = new AbortController();
	timer;
	constructor(e) {
		this.shown = e, addEventListener("online", () => this.tell({ type: "try_now" })), addEventListener("beforeunload", (e) => {
			_(this.state) && e.preventDefault();
		}), this.run({ do: "greet" }), e(this.state);
	}
	tell(e) {
		let { state: t, effects: n } = ae(this.state, e);
		this.state = t, this.shown(t);
		for (let e of n) this.run(e);
	}
	choose(e) {
		this.content = new a(e), this.tell({
			type: "chose",
			choice: ee(e)
		});
	}
	pathOf(e) {
		return this.content?.files[e]?.path ?? null;
	}
	run(e) {
		switch (clearTimeout(this.timer), e.do) {
			case "stop":
				this.stopping.abort(), this.stopping = new AbortController();
				return;
			case "wait":
				this.timer = setTimeout(() => this.tell({ type: "try_now" }), e.ms);
				return;
			case "ask_later":
				this.timer = setTimeout(() => this.run({ do: "ask" }), he);
				return;
			default: this.attempt(e);
		}
	}
	async attempt(e) {
		let t = this.stopping.signal;
		try {
			let n = await this.answerTo(e, t);
			t.aborted || this.tell(n);
		} catch (e) {
			if (t.aborted || e instanceof A) return;
			if (e instanceof k) this.tell({
				type: "refused",
				problem: e.problem,
				offset: e.offset
			});
			else if (e instanceof O) this.tell({
				type: "lost",
				chance: Math.random()
			});
			else throw e;
		}
	}
	async answerTo(e, t) {
		switch (e.do) {
			case "greet": return {
				type: "greeted",
				...await j("POST", "session", null, t)
			};
			case "announce": {
				let { fingerprint: e, files: n, totalBytes: r } = this.state.choice, i = JSON.stringify({
					fingerprint: e,
					files: n,
					total_bytes: r
				});
				return this.toldBy(j("POST", "uploads", i, t));
			}
			case "list": return this.list(e.start, t);
			case "send": return this.send(e.offset, t);
			case "ask": return this.toldBy(j("GET", `uploads/${this.id}`, null, t));
			case "inspect": return this.toldBy(j("POST", `uploads/${this.id}/inspection`, null, t));
			case "open": {
				let n = JSON.stringify({
					volume_id: e.volumeId,
					title: e.title
				});
				return this.toldBy(j("POST", `uploads/${this.id}/room`, n, t));
			}
			case "discard": return this.discard(e.id, t);
		}
	}
	get id() {
		return this.state.upload.id;
	}
	async toldBy(e) {
		return {
			type: "told",
			upload: await e
		};
	}
	async list(e, t) {
		let n = this.content.listFrom(e, this.state.limits.list_bytes);
		return {
			type: "listed",
			listed: (await j("PUT", `uploads/${this.id}/list/${e}`, n, t)).listed
		};
	}
	async send(e, t) {
		let n = this.content.slice(e, this.state.limits.chunk_bytes), r = (r) => {
			t.aborted || this.tell({
				type: "sending",
				offset: e + Math.min(r, n.size)
			});
		};
		try {
			return {
				type: "sent",
				offset: await me(this.id, e, n, r, t)
			};
		} catch (e) {
			throw e instanceof O && !await ve(n) ? new k(_e, null) : e;
		}
	}
	async discard(e, t) {
		try {
			await j("DELETE", `uploads/${e}`, null, t);
		} catch (e) {
			if (!(e instanceof k && e.problem.code === "unknown_upload")) throw e;
		}
		return this.content = null, { type: "discarded" };
	}
}, _e = {
	code: "files_changed",
	message: i("A file was changed, moved or removed while it was sent. Choose the files again."),
	file: null
};
async function ve(e) {
	try {
		return await e.arrayBuffer(), !0;
	} catch {
		return !1;
	}
}
// src/importing/elements.ts
function N(e, t = {}, ...n) {
	let r = document.createElement(e);
	for (let [e, n] of Object.entries(t)) typeof n == "function" ? r.addEventListener(e, n) : n === !0 ? r.setAttribute(e, "") : n !== !1 && r.setAttribute(e, n);
	return r.append(...n.filter((e) => e !== null)), r;
}
function P(e, t, n) {
	return N("button", {
		type: "button",
		class: `ci-btn ${t}`,
		click: n
	}, e);
}
var F = "http://www.w3.org/2000/svg";
function ye(e) {
	let t = document.createElementNS(F, "svg");
	t.setAttribute("viewBox", "0 0 24 24"), t.setAttribute("aria-hidden", "true");
	let n = document.createElementNS(F, "path");
	return n.setAttribute("d", e), t.append(n), t;
}
// src/importing/words.ts
var I = [
	i("bytes"),
	"kB",
	"MB",
	"GB",
	"TB"
];
function L(e) {
	let t = 0;
	for (; e >= 1e3 && t < I.length - 1;) e /= 1e3, t += 1;
	return `${z(e, t === 0 || e >= 100 ? 0 : 1)} ${t === 0 && e === 1 ? i("byte") : I[t]}`;
}
function be(e) {
	if (e < 60) return `${Math.max(1, Math.round(e))} s`;
	if (e < 3600) return `${Math.round(e / 60)} min`;
	let t = Math.round(e / 60);
	return `${Math.floor(t / 60)} h ${t % 60} min`;
}
function R(e) {
	return e === 1 ? i("1 file") : i("{n} files", { n: z(e, 0) });
}
function z(e, t) {
	return e.toLocaleString(r(), {
		minimumFractionDigits: t,
		maximumFractionDigits: t
	});
}
function xe(e) {
	return Number(e.toPrecision(3)).toLocaleString(r(), { maximumSignificantDigits: 3 });
}
// src/importing/choosing.ts
var Se = "M12 15V4M8 8l4-4 4 4M4 14v5h16v-5";
function B(e, t) {
	let n = H(i("Choose files"), !1, t), r = H(i("Choose folder"), !0, t), a = e.limits, o = a === null ? null : i("Up to {size} and {files}.", {
		size: L(a.total_bytes),
		files: R(a.files)
	});
	return N("div", {
		class: "ci-drop",
		id: "drop"
	}, ye(Se), N("p", { class: "ci-big" }, i("Drop files, a folder or a zip here")), N("div", { class: "ci-row" }, r.button, n.button, r.input, n.input), N("p", { class: "ci-mu" }, o === null ? null : `${o} `, i("A lost connection costs nothing: the upload goes on where it stood.")));
}
function V(e, t) {
	let { upload: n } = e, r = n === null ? 0 : Math.floor(100 * n.offset / n.total_bytes);
	return N("div", { class: "ci-card ci-row" }, N("p", { class: "ci-grow" }, n === null ? "" : i("{files}, {size}: {share} % is on the server already. Choose the same files again, and the rest is sent.", {
		files: R(n.files),
		size: L(n.total_bytes),
		share: r
	})), P(i("Discard it"), "", () => t.discard()));
}
function H(e, t, n) {
	let r = N("input", {
		type: "file",
		class: "ci-hidden",
		tabindex: "-1",
		"aria-hidden": "true",
		"data-choose": t ? "folder" : "files",
		multiple: !0,
		webkitdirectory: t,
		change: () => {
			let e = s(r.files ?? []);
			e.length > 0 && n.chosen(e);
		}
	});
	return {
		button: P(e, t ? "ci-primary" : "", () => r.click()),
		input: r
	};
}
function Ce(e, t) {
	let n = (e) => void document.getElementById("drop")?.classList.toggle("ci-over", e);
	addEventListener("dragover", (t) => {
		t.preventDefault(), t.dataTransfer && (t.dataTransfer.dropEffect = e() ? "copy" : "none"), n(e());
	}), addEventListener("dragleave", (e) => n(e.relatedTarget !== null)), addEventListener("drop", (r) => {
		r.preventDefault(), n(!1), e() && r.dataTransfer && we(r.dataTransfer, t);
	});
}
async function we(e, t) {
	try {
		let n = await c(e.items, (e) => {
			e % 200 == 0 && t.collecting(e);
		});
		n.length > 0 ? t.chosen(n) : t.unreadable(i("There was no file in what you dropped. Choose a folder, files or a zip."));
	} catch (e) {
		if (!(e instanceof o)) throw e;
		t.unreadable(e.message);
	}
}
// src/importing/finding.ts
var U = i("Unnamed case"), Te = 200;
function Ee(e, t, n) {
	let r = e.volumes.length > 0;
	return N("form", {
		class: "ci-found",
		submit: (e) => Oe(e, n)
	}, r ? ke(e.volumes, t?.volumeId) : null, je(e), Me(e), r ? Ne(t?.title ?? U, n) : N("div", { class: "ci-row" }, P(i("Discard and choose others"), "ci-primary", () => n.discard())));
}
function De(e) {
	return e.volumes.length === 0 ? i("No volume here can be opened") : e.volumes.length === 1 ? i("One volume found") : i("{n} volumes found: choose one", { n: e.volumes.length });
}
function Oe(e, t) {
	e.preventDefault();
	let n = new FormData(e.target), r = n.get("volume"), i = String(n.get("title") ?? "").trim() || U;
	typeof r == "string" && t.open({
		volumeId: r,
		title: i
	});
}
function ke(e, t) {
	return N("fieldset", { class: "ci-volumes" }, N("legend", { class: "ci-h" }, i("Volumes")), ...e.map((n) => Ae(n, e.length === 1 || n.id === t)));
}
function Ae(e, t) {
	let [n, r, a] = e.shape_kji, o = e.spacing_mm.map(xe).join(" × ");
	return N("label", { class: "ci-card ci-volume" }, N("input", {
		type: "radio",
		name: "volume",
		value: e.id,
		required: !0,
		checked: t
	}), N("span", { class: "ci-modality" }, e.modality || "?"), N("span", { class: "ci-grow" }, N("b", {}, e.description || i("Without description")), N("span", { class: "ci-mu" }, i("{slices} slices of {columns} × {rows} · {spacing} mm", {
		slices: n,
		columns: a,
		rows: r,
		spacing: o
	}) + (e.hu ? " · HU" : "")), ...e.warnings.map(({ message: e }) => N("span", { class: "ci-warn" }, W(e)))));
}
function je(e) {
	return e.refused.length === 0 ? null : N("section", {}, N("h2", { class: "ci-h" }, i("Refused")), ...e.refused.map(({ code: e, message: t, files: n }) => N("div", { class: "ci-card ci-refused" }, N("p", {}, W(t)), N("p", { class: "ci-mu" }, `${R(n)} · ${e}`))));
}
function Me(e) {
	let t = Object.entries(e.skipped), n = e.not_shown > 0 ? i("{n} more are not shown.", { n: z(e.not_shown, 0) }) : "";
	if (t.length === 0 && n === "") return null;
	let r = t.reduce((e, [, t]) => e + t, 0), a = t.map(([e, t]) => `${z(t, 0)} ${e.replaceAll("_", " ")}`).join(", ");
	return N("p", { class: "ci-mu ci-aside" }, `${r > 0 ? i("{files} set aside: {reasons}.", {
		files: R(r),
		reasons: a
	}) : ""} ${n}`.trim());
}
function Ne(e, t) {
	return N("div", { class: "ci-naming" }, N("label", { for: "title" }, i("Title of the case")), N("input", {
		id: "title",
		name: "title",
		value: e,
		maxlength: String(Te),
		autocomplete: "off",
		"aria-describedby": "title-hint"
	}), N("p", {
		class: "ci-mu",
		id: "title-hint"
	}, i("Everybody in the room reads it. Never a patient’s name.")), N("div", { class: "ci-row" }, N("button", {
		type: "submit",
		class: "ci-btn ci-primary"
	}, i("Open a room")), P(i("Discard"), "", () => t.discard())));
}
function W(e) {
	let t = e.charAt(0).toUpperCase() + e.slice(1);
	return /[.!?]$/.test(t) ? t : `${t}.`;
}
// src/importing/pace.ts
var Pe = 6e3, Fe = 800, Ie = class {
	marks = [];
	note(e, t) {
		let n = this.marks[this.marks.length - 1];
		for (n !== void 0 && t < n.offset && (this.marks = []), this.marks.push({
			atMs: e,
			offset: t
		}); this.marks.length > 2 && e - this.marks[0].atMs > Pe;) this.marks.shift();
	}
	clear() {
		this.marks = [];
	}
	get rate() {
		let e = this.marks[0], t = this.marks[this.marks.length - 1];
		if (e === void 0 || t.atMs - e.atMs < Fe) return null;
		let n = (t.offset - e.offset) / (t.atMs - e.atMs) * 1e3;
		return n > 0 ? n : null;
	}
	secondsLeft(e) {
		let t = this.rate;
		return t === null ? null : (e - this.marks[this.marks.length - 1].offset) / t;
	}
}, G = class {
	root;
	fill = N("i");
	track;
	left = N("span");
	right = N("span", { class: "ci-mu" });
	constructor(e) {
		this.track = N("div", {
			class: "ci-track",
			role: "progressbar",
			"aria-label": e,
			"aria-valuemin": "0",
			"aria-valuemax": "100"
		}, this.fill), this.root = N("div", { class: "ci-bar" }, this.track, N("p", { class: "ci-spread" }, this.left, this.right));
	}
	show(e, t, n) {
		if (this.track.classList.toggle("ci-unknown", e === null), e === null) this.track.removeAttribute("aria-valuenow"), this.fill.style.removeProperty("width");
		else {
			let t = Math.floor(100 * Math.min(1, e));
			this.track.setAttribute("aria-valuenow", String(t)), this.fill.style.width = `${100 * Math.min(1, e)}%`;
		}
		this.track.setAttribute("aria-valuetext", t), this.left.textContent = t, this.right.textContent = n;
	}
}, Le = class {
	actions;
	root;
	bar = new G(i("Sending"));
	note = N("p", { class: "ci-note" });
	buttons = N("div", { class: "ci-row" });
	pace = new Ie();
	phase = "";
	until = 0;
	constructor(e) {
		this.actions = e, this.root = N("div", { class: "ci-card" }, this.bar.root, this.note, this.buttons);
	}
	show(e, t) {
		e.phase !== this.phase && this.enter(e, t);
		let n = e.choice?.totalBytes ?? e.upload?.total_bytes ?? 0;
		e.phase === "sending" && this.pace.note(t, e.offset);
		let r = e.phase === "listing" || e.phase === "announcing" ? null : e.offset / n;
		this.bar.show(r, this.amount(e, n), this.speed(e, n)), e.phase === "waiting" && (this.note.textContent = Re(this.until - t, e.waitMs));
	}
	enter(e, t) {
		this.phase = e.phase, this.pace.clear(), this.until = t + e.waitMs, this.root.classList.toggle("ci-lost", e.phase === "waiting"), this.root.classList.toggle("ci-paused", e.phase === "paused"), this.note.textContent = "", this.buttons.replaceChildren(...this.buttonsFor(e.phase));
	}
	buttonsFor(e) {
		let t = P(i("Cancel"), "", () => this.actions.cancel());
		return e === "waiting" ? [P(i("Try now"), "ci-primary", () => this.actions.tryNow()), t] : e === "paused" ? [P(i("Go on"), "ci-primary", () => this.actions.resume()), t] : [P(i("Pause"), "", () => this.actions.pause()), t];
	}
	amount(e, t) {
		return e.phase === "announcing" || e.phase === "listing" ? i("Telling the server of {files}", { files: R(e.choice?.files ?? 0) }) : i("{done} of {total}", {
			done: L(e.offset),
			total: L(t)
		});
	}
	speed(e, t) {
		if (e.phase === "paused") return i("Paused");
		let { rate: n } = this.pace, r = this.pace.secondsLeft(t);
		return e.phase !== "sending" || n === null || r === null ? "" : i("{rate}/s · {time} left", {
			rate: L(n),
			time: be(r)
		});
	}
};
function Re(e, t) {
	return e <= 0 ? i("Connection lost. Trying again now.") : i("Connection lost. Trying again in {n} s.", { n: Math.ceil(Math.min(e, t) / 1e3) });
}
// src/importing/page.ts
var ze = [
	i("Send"),
	i("Choose"),
	i("Open")
], Be = {
	looking: 1,
	found: 1,
	failed: 1,
	opening: 2,
	ready: 2
}, Ve = [
	"announcing",
	"listing",
	"sending",
	"waiting",
	"paused"
], He = ["choosing", "needs_files"], Ue = class {
	steps = N("ol", {
		class: "ci-steps",
		"aria-label": i("Steps")
	});
	heading;
	problem = N("p", {
		class: "ci-problem",
		role: "alert"
	});
	body = N("div", { class: "ci-body" });
	spoken = N("p", {
		class: "ci-hidden",
		role: "status",
		"aria-live": "polite"
	});
	driver;
	state = null;
	drawn = "";
	sending = null;
	bar = null;
	wish = null;
	constructor(e, t = "h1") {
		this.heading = N(t, { tabindex: "-1" }), e.replaceChildren(this.steps, this.heading, this.problem, this.body, this.spoken), Ce(() => this.state !== null && He.includes(this.state.phase), this.choosing), setInterval(() => this.tick(), 250);
	}
	use(e) {
		this.driver = e;
	}
	show(e) {
		this.state = e, document.body.dataset.phase = e.phase;
		let t = Ve.includes(e.phase) ? "transfer" : e.phase;
		t !== this.drawn && this.draw(t, e), this.showProblem(e), this.update(e);
	}
	tick() {
		this.state?.phase === "waiting" && this.update(this.state);
	}
	draw(e, t) {
		let n = this.drawn === "";
		this.drawn = e, this.sending = null, this.bar = null;
		let r = Be[t.phase] ?? 0;
		this.steps.replaceChildren(...ze.map((e, t) => N("li", t === r ? {
			class: "ci-on",
			"aria-current": "step"
		} : { class: t < r ? "ci-done" : "" }, e))), this.heading.textContent = K(t), this.body.replaceChildren(...this.bodyFor(t)), n || this.heading.focus({ preventScroll: !0 });
	}
	bodyFor(e) {
		switch (e.phase) {
			case "greeting":
			case "signed_out": return [];
			case "choosing": return [N("p", { class: "ci-lead" }, i("A study or series of CT or MR as DICOM. What is in there is looked at before anything is opened.")), B(e, this.choosing)];
			case "needs_files": return [V(e, this.choosing), B(e, this.choosing)];
			case "collecting":
			case "looking":
			case "opening": return this.working(e);
			case "found": return [Ee(v(e), this.wish, this.actions)];
			case "ready": return this.ready(e);
			case "failed": return [N("div", { class: "ci-row" }, P(i("Discard and choose others"), "ci-primary", this.actions.discard), P(i("Try again"), "", () => this.driver.tell({ type: "resume" })))];
			default: return this.sending = new Le(this.actions), [this.sending.root];
		}
	}
	working(e) {
		this.bar = new G(K(e));
		let t = N("div", { class: "ci-card" }, this.bar.root);
		return e.phase !== "collecting" && t.append(N("div", { class: "ci-row" }, P(i("Cancel"), "", this.actions.cancel))), [t];
	}
	ready(e) {
		let { owner: t, surgeon: n } = e.upload.links, r = location.origin + n, a = N("input", {
			id: "surgeon",
			readonly: !0,
			value: r
		}), o = P(i("Copy"), "", () => {
			a.select(), navigator.clipboard?.writeText(r), document.execCommand("copy"), o.textContent = i("Copied");
		});
		return [N("div", { class: "ci-card" }, N("p", {}, i("You open it as its owner, who can invite others.")), N("a", {
			class: "ci-btn ci-primary ci-wide",
			href: t
		}, i("Open the room")), N("label", { for: "surgeon" }, i("Link for a surgeon")), N("div", { class: "ci-row" }, a, o)), N("div", { class: "ci-row" }, P(i("Bring in more images"), "", this.actions.discard))];
	}
	update(e) {
		if (this.sending?.show(e, performance.now()), e.phase === "collecting") this.bar?.show(null, i("{files} so far", { files: R(e.collected) }), "");
		else if (this.bar !== null) {
			let { label: t, done: n, total: r } = e.upload?.progress ?? {
				label: "",
				done: 0,
				total: 0
			};
			this.bar.show(r > 0 ? n / r : null, t, r > 1 ? i("{done} of {total}", {
				done: n,
				total: r
			}) : "");
		}
		let t = We(e);
		this.spoken.textContent !== t && (this.spoken.textContent = t);
	}
	showProblem(e) {
		let { problem: t } = e, n = t?.file == null ? null : this.driver.pathOf(t.file), r = t === null ? "" : W(t.message) + (n === null ? "" : ` (${n})`);
		this.problem.textContent !== r && (this.problem.textContent = r), this.problem.hidden = r === "";
	}
	choosing = {
		chosen: (e) => this.driver.choose(e),
		collecting: (e) => this.driver.tell({
			type: "collecting",
			files: e
		}),
		unreadable: (e) => this.driver.tell({
			type: "unreadable",
			message: e
		}),
		discard: () => this.actions.discard()
	};
	actions = {
		pause: () => this.driver.tell({ type: "pause" }),
		resume: () => this.driver.tell({ type: "resume" }),
		tryNow: () => this.driver.tell({ type: "try_now" }),
		cancel: () => {
			confirm(i("Cancel? What was sent so far is deleted on the server.")) && this.actions.discard();
		},
		open: (e) => {
			this.wish = e, this.driver.tell({
				type: "open",
				...e
			});
		},
		discard: () => {
			this.wish = null, this.driver.tell({ type: "discard" });
		}
	};
};
function K(e) {
	switch (e.phase) {
		case "greeting": return i("One moment");
		case "choosing": return i("Bring in images");
		case "collecting": return i("Reading the folder");
		case "needs_files": return i("An upload is unfinished");
		case "looking": return i("Looking at what came");
		case "found": return De(v(e));
		case "opening": return i("Making the room");
		case "ready": return i("The room is ready");
		case "failed": return i("That did not work");
		case "signed_out": return i("Open the import link again");
		default: return i("Sending {files}", { files: R(e.choice?.files ?? e.upload?.files ?? 0) });
	}
}
function We(e) {
	switch (e.phase) {
		case "sending": {
			let t = e.offset / Math.max(1, e.upload?.total_bytes ?? 1);
			return i("Sending, {n} percent", { n: 25 * Math.floor(4 * t) });
		}
		case "waiting": return i("Connection lost, trying again");
		case "paused": return i("Paused");
		default: return K(e);
	}
}
// src/home/deleting.ts
var q = 3e4;
function Ge(e) {
	for (let t of e.querySelectorAll(".ch-bin")) t.hidden = !1, t.addEventListener("click", () => Ke(t));
}
function Ke(e) {
	let t = document.querySelector("#ask");
	document.querySelector("#ask-title").textContent = e.dataset.ask, t.returnValue = "keep", t.onclose = () => {
		t.returnValue === "delete" ? qe(e.closest("[data-room]")) : e.focus();
	}, t.showModal();
}
async function qe(e) {
	let t = e.dataset.title;
	e.inert = !0;
	let n = await J("delete", { room: e.dataset.room });
	if (e.inert = !1, n.undo === void 0) {
		Y(n.problem, null, !0);
		return;
	}
	let r = (e.nextElementSibling ?? e.previousElementSibling)?.querySelector(".ch-open"), { nextSibling: a, parentElement: o } = e;
	e.remove(), document.body.classList.toggle("ch-bare", o.childElementCount === 0);
	let s = P(i("Undo"), "", () => void u()), c = Y(i("Deleted “{title}”.", { title: t }), s, !1);
	s.focus();
	let l = setTimeout(() => {
		c.remove(), r?.focus();
	}, q);
	async function u() {
		s.disabled = !0;
		let r = await J("undo", { undo: n.undo });
		clearTimeout(l), c.remove(), r.problem === void 0 ? (o.insertBefore(e, a?.parentElement === o ? a : null), document.body.classList.remove("ch-bare"), e.querySelector(".ch-open").focus(), Y(i("“{title}” is back.", { title: t }), null, !1)) : Y(r.problem, null, !0);
	}
}
async function J(e, t) {
	let n = document.querySelector("#act"), r = new URLSearchParams(t);
	for (let [e, t] of new FormData(n)) r.set(e, String(t));
	try {
		let t = await fetch(n.dataset[e], {
			method: "POST",
			body: r
		});
		return t.headers.get("Content-Type")?.startsWith("application/json") ? await t.json() : { problem: i("The server answered with {status}. Load the page again.", { status: t.status }) };
	} catch {
		return { problem: i("The server cannot be reached. Nothing was changed; try again.") };
	}
}
function Y(e, t, n) {
	let r = N("div", { class: n ? "ch-toast ch-refused" : "ch-toast" }, N("span", {}, e), t);
	return n && r.setAttribute("role", "alert"), document.querySelector("#toasts").append(r), t === null && setTimeout(() => r.remove(), q / 3), r;
}
// src/home/list.ts
function Je(e, t) {
	let n = X(e.search);
	return X(t).split(/\s+/).filter((e) => e !== "").every((e) => n.includes(e));
}
function Ye(e) {
	let t = (e, t) => e.title.localeCompare(t.title, void 0, { numeric: !0 });
	if (e === "title") return t;
	let n = e === "opened" ? (e) => e.opened || "" : (e) => e.changed;
	return (e, r) => n(e) < n(r) ? 1 : n(e) > n(r) ? -1 : t(e, r);
}
function X(e) {
	return e.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
// src/home/finding.ts
function Z(e) {
	let { title: t = "", opened: n = "", changed: r = "", search: i = "" } = e.dataset;
	return {
		title: t,
		opened: n,
		changed: r,
		search: i
	};
}
function Xe(e) {
	let t = document.querySelector(".ch-find"), n = document.querySelector("#search"), r = document.querySelector("#sort"), a = document.querySelector("#none"), o = document.querySelector("#shown");
	t.hidden = !1;
	let s = () => [...e.querySelectorAll("[data-room]")], c = () => {
		for (let e of s()) e.hidden = !Je(Z(e), n.value);
		let e = s().filter((e) => !e.hidden).length;
		a.hidden = e > 0, o.textContent = i("{n} of {all} rooms are shown", {
			n: e,
			all: s().length
		});
	};
	n.addEventListener("input", c), n.addEventListener("keydown", (e) => {
		e.key === "Escape" && n.value !== "" && (n.value = "", c());
	}), r.addEventListener("change", () => {
		let t = Ye(r.value);
		e.append(...s().sort((e, n) => t(Z(e), Z(n))));
	}), document.addEventListener("keydown", (e) => {
		let t = e.target instanceof HTMLElement && e.target.matches("input, select, textarea");
		e.key !== "/" || t || e.ctrlKey || e.metaKey || e.altKey || (e.preventDefault(), n.focus());
	});
}
// src/home/main.ts
var Q = document.querySelector(".ch-cases");
Q !== null && (Xe(Q), Ge(Q));
var $ = document.querySelector("#import");
if ($ !== null) {
	let e = new Ue($, "h2"), t = (e) => {
		$.hidden = !e, document.querySelector("#no-import").hidden = e;
	};
	e.use(new ge((n) => queueMicrotask(() => {
		e.show(n), n.phase !== "greeting" && t(n.phase !== "signed_out");
	})));
}
